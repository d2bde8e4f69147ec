"""What every test of sources/ needs: English sentences, and the command line as a user calls it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests import commands

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")


@pytest.fixture
def run() -> Run:
    """Run `searcher` with the given arguments."""
    return commands.run
