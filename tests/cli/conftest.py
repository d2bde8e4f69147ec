"""An index of the seeds, and the command in a terminal of a given width."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.terminal import in_terminal

SEEDS = Path(__file__).parents[2] / "seeds"
Terminal = Callable[..., str]
COMMAND = (sys.executable, "-m", "searcher")


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment in which only what is given decides on language and colour."""
    dropped = ("SEARCHER_", "LC_", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "SEARCHER_LANG": "en", **more}


def _shown(*arguments: object, columns: int = 80, **environment: str) -> str:
    code, shown = in_terminal([*COMMAND, *map(str, arguments)], columns, clean_environment(**environment))
    assert code == 0, shown
    return shown


@pytest.fixture
def terminal() -> Terminal:
    return _shown
