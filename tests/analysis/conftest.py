"""What the tests of analysis share: pyvi itself as the reference, and a cache folder of their own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searcher.analysis import modelcache


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder that no other run has filled."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(modelcache.CACHE_VARIABLE, str(folder))
        modelcache.load_tables.cache_clear()
        yield folder


@pytest.fixture(scope="session")
def pyvi_tokenize() -> Callable[[str], str]:
    """pyvi's own ViTokenizer.tokenize: the reference."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyvi's regular expressions and its pickle of an old scikit-learn warn
        from pyvi.ViTokenizer import ViTokenizer
    tokenize: Callable[[str], str] = ViTokenizer.tokenize
    return tokenize
