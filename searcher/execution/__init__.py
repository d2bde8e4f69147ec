"""Whoosh query trees run as array operations over memory-mapped segments."""

from searcher.execution.docs import Docs
from searcher.execution.executor import Executor, Top
from searcher.execution.whole import Whole

__all__ = ["Docs", "Executor", "Top", "Whole"]
