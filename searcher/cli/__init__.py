"""cli/: the commands, each a thin shell over one library call, and what they print."""

from searcher.cli.app import run

__all__ = ["run"]
