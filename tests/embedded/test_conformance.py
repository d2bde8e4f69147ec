"""The embedded engine is an index as every engine has to be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.conformance.suite import Conformance


class TestEmbedded(Conformance):
    """An index in a folder."""

    @pytest.fixture(scope="class")
    @classmethod
    def new_location(cls, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
        folder, numbers = tmp_path_factory.mktemp("embedded"), count()
        return lambda: folder / f"index-{next(numbers)}"
