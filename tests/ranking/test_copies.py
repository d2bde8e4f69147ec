"""Signatures of texts: how near they come to the share of runs of words that two texts have in common."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis.signature import BITS, likeness, likenesses, signature
from searcher.ranking.copies import COPY, alike_pairs

WORDS = st.lists(st.sampled_from([f"từ{number}" for number in range(40)]), max_size=120)


def runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


@pytest.mark.parametrize("kept", [1.0, 0.9, 0.7, 0.4, 0.0])
def test_likeness_is_near_the_share_of_runs_that_both_have(kept: float) -> None:
    chance = random.Random(3)
    errors = []
    for _number in range(30):
        one = [f"w{chance.randrange(10_000)}" for _word in range(400)]
        cut = int(len(one) * kept)
        other = one[:cut] + [f"v{chance.randrange(10_000)}" for _word in range(len(one) - cut)]
        exact = len(runs(one) & runs(other)) / len(runs(one) | runs(other))
        errors.append(likeness(signature(" ".join(one)), signature(" ".join(other))) - exact)
    # A bit is a coin: 128 of them are off by 2 * sqrt(1 / 4 / 128) = 0.09 or less mostly; 30 articles by less.
    assert abs(sum(errors) / len(errors)) < 0.06
    assert max(map(abs, errors)) < 0.4


@given(WORDS)
def test_case_punctuation_and_space_make_no_difference(words: list[str]) -> None:
    assert signature(" ".join(words)) == signature(",\n ".join(words).upper() + ".")


@given(WORDS)
def test_a_signature_has_its_size_or_is_empty_for_a_text_of_hardly_a_sentence(words: list[str]) -> None:
    made = signature(" ".join(words))
    assert len(made) == (BITS // 8 if len(words) >= 24 + 3 else 0)
    assert likeness(made, made) == (1.0 if made else 0.0)


@given(st.lists(WORDS.map(" ".join), max_size=6))
def test_many_are_compared_as_each_two_are(texts: list[str]) -> None:
    made = [signature(text) for text in texts]
    table = likenesses(made)
    assert table.shape == (len(texts), len(texts))
    for row, one in enumerate(made):
        for column, other in enumerate(made):
            assert table[row, column] == pytest.approx(likeness(one, other))


@given(st.lists(st.lists(st.integers(0, BITS - 1), max_size=24), max_size=300), st.booleans())
def test_pairs_of_copies_are_those_that_are_like_enough(flips: list[list[int]], unsigned: bool) -> None:
    bits = np.tile(np.arange(BITS) % 3 == 0, (len(flips) + 1, 1))
    for row, places in enumerate(flips):
        bits[row, places] ^= True
    bits[-1] &= not unsigned
    packed = np.packbits(bits, axis=1)
    table = likenesses([row.tobytes() if row.any() else b"" for row in packed])
    assert alike_pairs(packed) == [tuple(pair) for pair in np.argwhere(np.triu(table >= COPY, 1)).tolist()]


@pytest.mark.parametrize("text", ["\ud800 " * 100, "\x00 a" * 100, "😀 b" * 100, "a" * 1_000_000, "à " * 500_000])
def test_any_text_has_a_signature(text: str) -> None:
    assert len(signature(text)) in (0, BITS // 8)
