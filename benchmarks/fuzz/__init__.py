"""Fuzzing: crafted indexes, queries and mutated input files; each has an answer or a sentence for an error.

`python -m benchmarks.fuzz --minutes N` goes through numbered attempts until the time is up. What an attempt does
depends on its number alone, so `--attempt TARGET:NUMBER` does it again. A find is an exception that is no
SearcherError, an answer that takes too long or too much memory, and, of an index, damage that queries meet and `check`
does not.
"""
