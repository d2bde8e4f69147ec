"""'Did you mean' is offered for what is misspelled, and never for what is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.analysis import fold
from searcher.suggesting.spelling import FAR, letter_edits, syllable_cost, word_cost
from tests.conftest import SEEDS
from tests.invented import SENTENCES, TITLES, indexed, invented


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    with searcher.open_index(indexed(tmp_path_factory.mktemp("spelled") / "index", invented(60))) as opened:
        yield opened


def suggestion(index: searcher.EmbeddedIndex, query: str) -> str:
    return index.search(query, limit=0).suggestion


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ma tuí", "ma tuý"),
        ("mại dam", "mại dâm"),
        ("mại dầm", "mại dâm"),
        ("xơn la", "sơn la"),
        ("mại dâm xơn la", "mại dâm sơn la"),
        ("đường giây", "đường dây"),
        ("phòng trống", "phòng chống"),
        ("cai nghiệm", "cai nghiện"),
        ("nạn nhâng", "nạn nhân"),
        ("phogn chống", "phòng chống"),
        ("heroine", "heroin"),
        ("heroni", "heroin"),
        ("metadone", "methadone"),
        ("karaoe", "karaoke"),
        ("maij daam", "mại dâm"),
        ("ma5i da6m", "mại dâm"),
        ("ma tui", "ma tuy"),
        ("mai dam xon la", "mai dam son la"),
    ],
)
def test_what_is_misspelled_is_put_right(index: searcher.EmbeddedIndex, typed: str, meant: str) -> None:
    assert suggestion(index, typed) == meant


@pytest.mark.parametrize(
    "query",
    [
        *TITLES,
        *SENTENCES,
        "ma tuý",
        "ma túy",
        "mai dam",
        "mai dam son la",
        "MẠI DÂM",
        "sơn la",
        "",
        "*",
        "2019",
        "HIV/AIDS",
    ],
)
def test_what_is_right_is_left_alone(index: searcher.EmbeddedIndex, query: str) -> None:
    assert suggestion(index, query) == ""


def test_no_title_of_a_seed_is_thought_wrong(seeds_index: searcher.EmbeddedIndex) -> None:
    titles = [file.read_text(encoding="utf-8").splitlines()[0] for file in sorted(SEEDS.glob("*.txt"))]
    assert len(titles) > 40
    for written in (str, str.lower, lambda title: fold(title.lower())):
        assert {title: found for title in titles if (found := suggestion(seeds_index, written(title)))} == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('tỉnh:"Sơn La" ma tuí -karaoke', 'tỉnh:"Sơn La" ma tuý -karaoke'),
        ('"mại dam"', '"mại dâm"'),
        ("(ma tuí HOẶC heroin)^2", "(ma tuý HOẶC heroin)^2"),
        ("năm:2019 xơn la", "năm:2019 sơn la"),
        ("Xơn La", "Sơn La"),
        ("MA TUÍ", "MA TUÝ"),
    ],
)
def test_signs_fields_and_capitals_stay_as_typed(index: searcher.EmbeddedIndex, typed: str, meant: str) -> None:
    assert suggestion(index, typed) == meant


def test_what_is_offered_really_occurs(index: searcher.EmbeddedIndex) -> None:
    for typed in ("ma tuí", "mại dam", "xơn la", "heroni"):
        meant = suggestion(index, typed)
        found = index.search(f'"{meant}"', limit=0)
        assert found.total > 5
        assert not found.relaxed


def test_json_has_it(index: searcher.EmbeddedIndex) -> None:
    assert index.search("mại dam").to_dict()["suggestion"] == "mại dâm"


def test_an_empty_index_suggests_nothing(tmp_path: Path) -> None:
    with searcher.open_index(indexed(tmp_path / "index", [])) as opened:
        assert suggestion(opened, "ma tuí") == ""


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("amđâtuýíxơns lg'\"()-*:^~0\u0301\x00😀"), max_size=40))
def test_whatever_is_typed_gives_another_query_or_none(index: searcher.EmbeddedIndex, text: str) -> None:
    found = suggestion(index, text)
    assert found == "" or found != text


SYLLABLES = st.sampled_from(
    ("ma", "tuý", "tuí", "dâm", "dầm", "xơn", "sơn", "giây", "dây", "phogn", "heroin", "trống", "x")
)


@given(SYLLABLES, SYLLABLES)
def test_only_the_same_costs_nothing(one: str, other: str) -> None:
    assert (syllable_cost(one, other) == 0) == (one == other)
    assert 0 <= syllable_cost(one, other) <= 4 * FAR


def test_what_is_often_mistaken_costs_less_than_other_letters() -> None:
    alike = [("xơn", "sơn"), ("trống", "chống"), ("giây", "dây"), ("lừa", "nừa"), ("nghỉ", "nghĩ"), ("lan", "lang")]
    others = [("bơn", "sơn"), ("mống", "chống"), ("bây", "dây"), ("lừa", "mừa"), ("lan", "lap")]
    assert max(syllable_cost(*pair) for pair in alike) < min(syllable_cost(*pair) for pair in others)


def test_words_of_other_lengths_are_far() -> None:
    assert word_cost(("ma",), ("ma", "tuý")) == FAR


def naive_edits(one: str, other: str) -> int:
    """Optimal string alignment, by its recursive definition."""
    if not one or not other:
        return len(one) + len(other)
    best = min(naive_edits(one[1:], other) + 1, naive_edits(one, other[1:]) + 1)
    best = min(best, naive_edits(one[1:], other[1:]) + (one[0] != other[0]))
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        best = min(best, naive_edits(one[2:], other[2:]) + 1)
    return best


@settings(max_examples=60)
@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_letter_edits_are_those_of_the_definition(one: str, other: str) -> None:
    if abs(len(one) - len(other)) <= 2:
        assert letter_edits(one, other) == naive_edits(one, other)
