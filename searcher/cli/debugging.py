"""What --debug shows beside the trace of an error: traces of what went wrong and was only said in a sentence."""

from __future__ import annotations

import logging

from searcher.harmless import harmless


class _Harmless(logging.Formatter):
    """Formats records without what commands a terminal: a trace may quote a file."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


def show_traces() -> None:
    """Have what the package notes for its developers written to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Harmless("%(name)s: %(message)s"))
    logger = logging.getLogger("searcher")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
