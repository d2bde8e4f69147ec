"""An index of the seeds, and the command in a terminal of a given width."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tools.terminal import clean_environment, in_terminal

Terminal = Callable[..., str]
COMMAND = (sys.executable, "-m", "searcher")


def _shown(*arguments: object, columns: int = 80, **environment: str) -> str:
    code, shown = in_terminal([*COMMAND, *map(str, arguments)], columns, clean_environment(**environment))
    assert code == 0, shown
    return shown


@pytest.fixture
def terminal() -> Terminal:
    return _shown
