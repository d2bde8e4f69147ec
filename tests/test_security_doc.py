"""docs/security.md: its limits are those of the code."""

from __future__ import annotations

from tools.limits import PAGE, limits, page


def test_the_limits_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "run python -m tools.limits"


def test_every_kind_of_reader_has_limits() -> None:
    assert {"sources", "fetching", "language", "query", "codec"} <= {one.module.partition(".")[0] for one in limits()}
