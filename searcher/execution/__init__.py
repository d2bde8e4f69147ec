"""Whoosh query trees run as array operations over memory-mapped segments."""

from searcher.execution.docs import Docs
from searcher.execution.executor import Executor, Top

__all__ = ["Docs", "Executor", "Top"]
