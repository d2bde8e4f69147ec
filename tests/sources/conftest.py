"""What every test of sources/ needs: English sentences, and the command line as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")


@pytest.fixture
def run() -> Run:
    """Run `searcher` with the given arguments."""

    def call(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "searcher", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "SEARCHER_LANG": "en", **environment},
        )

    return call
