"""The public face: every name is there, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import searcher


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("name", searcher.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(searcher, name).__module__.startswith("searcher.")
    assert name in dir(searcher)


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = searcher.no_such_name


def test_importing_searcher_loads_no_library() -> None:
    loaded = _python(
        "import sys, searcher; print(*[m for m in ('numpy', 'whoosh', 'msgspec', 'typer') if m in sys.modules])"
    )
    assert loaded == ""
