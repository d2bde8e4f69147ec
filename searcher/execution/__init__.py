"""Whoosh query trees run as array operations over memory-mapped segments."""

from searcher.execution.docs import Docs, union
from searcher.execution.executor import Executor, Top
from searcher.execution.phrases import phrase
from searcher.execution.top import best
from searcher.execution.whole import Postings, Whole

__all__ = ["Docs", "Executor", "Postings", "Top", "Whole", "best", "phrase", "union"]
