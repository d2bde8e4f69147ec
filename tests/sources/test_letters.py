"""Letters at the door: whatever a text holds, it has lines, and each is valid Unicode and as long as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searcher.sources.letters import composed, lines
from searcher.sources.markup import plain

ODD = st.text(st.characters() | st.sampled_from("\n\r\x0b\x85\u2028\u200b\ufeff\u0301aâđ<>&;"), max_size=60)


@given(ODD)
def test_any_text_has_lines_of_valid_unicode(text: str) -> None:
    for line in lines(text):
        line.shown.encode()
        line.read.encode()
        assert line.shown


@given(ODD)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = composed(text)
    assert composed(once) == once


@given(ODD)
def test_a_field_of_any_text_is_unwrapped_or_stays_as_it_is(text: str) -> None:
    assert plain(text) == text or "<" in text or "&" in text


def test_a_zero_width_space_parts_words_that_nothing_else_parts() -> None:
    assert composed("ma\u200btúy, ma\u200b túy, h\u200beroin") == "ma túy, ma túy, heroin"
