"""The array form of the two-label Viterbi decoder."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.analysis.viterbi import Chain, decode

CHAINS = st.sampled_from(
    [
        Chain(-1.0, 1.9, -3.0, -0.4),  # like pyvi's: between its thresholds a label is the other one than the next
        Chain(1.0, -1.5, -1.0, 2.0),  # thresholds crossed: between them it is the same as the next
        Chain(0.5, -1.0, 0.25, -1.25),  # thresholds equal: nothing between them
    ]
)
EMISSIONS = st.lists(st.floats(-6, 6).map(lambda value: round(value, 3)), min_size=1, max_size=120)


def by_loop(chain: Chain, emission: list[float]) -> tuple[list[bool], float]:
    """The labels by the textbook, and the smallest margin of any decision."""
    scores = (0.0, emission[0])
    margin = 9.0
    back = []
    for value in emission[1:]:
        options = [
            (scores[0] + chain.t00, scores[1] + chain.t10),
            (scores[0] + chain.t01, scores[1] + chain.t11),
        ]
        margin = min([margin, *(abs(first - second) for first, second in options)])
        back.append([first < second for first, second in options])
        scores = (max(options[0]), max(options[1]) + value)
    margin = min(margin, abs(scores[0] - scores[1]))
    labels = [scores[0] < scores[1]]
    for choice in reversed(back):
        labels.append(choice[labels[-1]])
    return labels[::-1], margin


@given(CHAINS, st.lists(EMISSIONS, min_size=1, max_size=5))
@settings(max_examples=400, deadline=None)
def test_arrays_decode_like_the_loop_or_say_that_they_are_unsure(chain: Chain, texts: list[list[float]]) -> None:
    emission, starts, ends = [-1e9], [], []
    for text in texts:
        starts.append(len(emission))
        emission += text
        ends.append(len(emission) - 1)
        emission.append(-1e9)
    labels, unsure = decode(chain, np.array(emission), np.array(starts), np.array(ends))
    for number, text in enumerate(texts):
        expected, margin = by_loop(chain, text)
        if number not in unsure:
            assert labels[starts[number] : ends[number] + 1].tolist() == expected
        elif margin > 1e-3:
            raise AssertionError("unsure without need")
