"""The command in a terminal of a given width."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.commands import run_in_terminal

Terminal = Callable[..., str]


def _shown(*arguments: object, columns: int = 80, **environment: str) -> str:
    code, shown = run_in_terminal(*arguments, columns=columns, **environment)
    assert code == 0, shown
    return shown


@pytest.fixture
def terminal() -> Terminal:
    return _shown
