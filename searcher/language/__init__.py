"""language/: what is typed, to a `ParsedQuery`: `parser.parse_query`."""
