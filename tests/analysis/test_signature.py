"""Signatures: alike for texts that are nearly the same, and the same whether made one by one or many at once."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.analysis.signature import BITS, likeness, signature, signatures

PARTS = [" ", ", ", ". ", "\n", " “", "” ", " – ", "… ", "!  ", "\u00a0", " «"]
WORDS = ["công", "an", "ma", "tuý", "năm", "2019", "TP", "ông", "Đ", "a_b", "huyện", "ở"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    seed = draw(st.randoms(use_true_random=False))
    count = draw(st.integers(0, 80))
    return "".join(seed.choice(WORDS) + str(seed.randrange(30)) + seed.choice(PARTS) for _ in range(count))


@given(st.lists(texts(), max_size=6))
@settings(deadline=None, max_examples=40)
def test_signatures_of_many_texts_are_those_of_each(several: list[str]) -> None:
    assert signatures(several) == [signature(text) for text in several]


@given(texts())
@settings(deadline=None, max_examples=40)
def test_only_the_words_count(text: str) -> None:
    assert signature(text) == signature(" ".join(re.findall(r"\w+", text.lower())))


def test_likeness_falls_with_what_differs() -> None:
    words = [f"chữ{number}" for number in range(400)]
    whole = signature(" ".join(words))
    assert len(whole) * 8 == BITS
    assert likeness(whole, signature(" ".join(words[:380]))) > 0.8
    assert likeness(whole, signature(" ".join(f"khác{number}" for number in range(400)))) < 0.4
    assert signature("một hai ba") == b""
