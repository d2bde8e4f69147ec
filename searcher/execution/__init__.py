"""Whoosh query trees run as array operations over memory-mapped segments."""

from searcher.execution.executor import Executor, Matches, Top

__all__ = ["Executor", "Matches", "Top"]
