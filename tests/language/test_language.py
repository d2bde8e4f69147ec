"""The query language: the documented examples over the seeds, and what parsing gives."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from datetime import date
from typing import Any, Final, Unpack
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as wq

import searcher
from benchmarks.hostilequeries import LARGE, QUERIES
from searcher.analysis import canonical
from searcher.analysis.terms import syllable_terms
from searcher.language.parser import MAX_CHARS, MAX_PATTERNS, MAX_UNITS, parse_query
from searcher.language.tree import ParsedQuery
from searcher.language.vocabulary import NoVocabulary
from searcher.query.request import NO_FILTERS, make_request
from tools.language_examples import TODAY, Example, examples

EXAMPLES: Final = examples()


@pytest.fixture(autouse=True)
def notes_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")


def find(
    index: searcher.EmbeddedIndex, query: str, filters: searcher.Filters = NO_FILTERS, **options: Any
) -> searcher.Results:
    return index.run(make_request(query, filters, today=TODAY, snippets=False, **{"limit": 100, **options}))


def ids(index: searcher.EmbeddedIndex, query: str) -> set[str]:
    results = find(index, query)
    return set() if results.relaxed else {hit.article.id for hit in results.hits}


def parse(text: str) -> ParsedQuery:
    return parse_query(text, today=TODAY)


def test_the_documentation_has_many_examples() -> None:
    assert len(EXAMPLES) > 45


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.query for example in EXAMPLES])
def test_a_documented_example_finds_as_many_seeds_as_it_says(
    seeds_index: searcher.EmbeddedIndex, example: Example
) -> None:
    results = find(seeds_index, example.query)
    found = results.complete
    assert found > 0 if example.seeds is None else found == example.seeds
    assert bool(results.notes) == ("with a note" in example.says)


@pytest.mark.parametrize(("query", "phrase"), [('"mua ban nguoi"', "mua bán người"), ('"MA TUÝ"', "ma tuý")])
def test_a_phrase_finds_the_articles_that_a_reader_finds(
    seeds_index: searcher.EmbeddedIndex, query: str, phrase: str
) -> None:
    wanted = [canonical(syllable) for syllable in phrase.split()]
    everything = find(seeds_index, "", limit=100).hits
    texts = {hit.article.id: f"{hit.article.title} | {hit.article.lead} | {hit.article.body}" for hit in everything}
    expected = set()
    for article_id, text in texts.items():
        terms = syllable_terms(text)
        if any(list(terms[at : at + len(wanted)]) == wanted for at in range(len(terms))):
            expected.add(article_id)
    assert expected
    assert ids(seeds_index, query) == expected


def test_operators_are_set_operations(seeds_index: searcher.EmbeddedIndex) -> None:
    drugs, trade, hiv = (ids(seeds_index, query) for query in ('"ma túy"', '"mại dâm"', '"HIV"'))
    assert ids(seeds_index, '"ma túy" VÀ "mại dâm"') == drugs & trade
    assert ids(seeds_index, '"ma túy" HOẶC "mại dâm"') == drugs | trade
    assert ids(seeds_index, '"ma túy" KHÔNG "mại dâm"') == drugs - trade
    assert ids(seeds_index, '"ma túy" -"mại dâm" -"HIV"') == drugs - trade - hiv
    assert ids(seeds_index, '"ma túy" "mại dâm" OR "HIV"') == drugs & (trade | hiv)
    assert ids(seeds_index, '"ma túy" AND "mại dâm" OR "HIV"') == (drugs & trade) | hiv
    assert ids(seeds_index, '"ma túy" -("mại dâm" OR "HIV")') == drugs - (trade | hiv)
    assert ids(seeds_index, 'NOT NOT "ma túy"') == drugs
    everything = {hit.article.id for hit in find(seeds_index, "").hits}
    assert ids(seeds_index, '-"ma túy"') == everything - drugs


def test_fields_that_narrow_are_the_filters_of_the_command_line(seeds_index: searcher.EmbeddedIndex) -> None:
    def same(query: str, words: str, **filters: Unpack[searcher.Filters]) -> bool:
        typed, filtered = find(seeds_index, query), find(seeds_index, words, filters)
        assert typed.total
        return {hit.article.id: hit.score for hit in typed.hits} == {hit.article.id: hit.score for hit in filtered.hits}

    assert same('ma túy tỉnh:"Sơn La"', "ma túy", provinces=["Sơn La"])
    assert same("province:son la ma túy", "ma túy", provinces=["Sơn La"])
    assert same("ma túy chủ đề:mại dâm", "ma túy", topics=["mai-dam"])
    assert same("ma túy năm:2019", "ma túy", since=date(2019, 1, 1), until=date(2019, 12, 31))
    assert same("ma túy ngày:2019..2/2020", "ma túy", since=date(2019, 1, 1), until=date(2020, 2, 29))
    either = '(tỉnh:"Sơn La" HOẶC tỉnh:"Nghệ An") ma túy'
    assert same(either, "ma túy", provinces=["Sơn La", "Nghệ An"])


def test_a_source_is_found_by_its_name_or_its_start(tmp_path: Any) -> None:
    rows = [("a", "Báo Thử Nghiệm"), ("b", "Báo Thử Khác"), ("c", "Đài")]
    lines = [f'{{"id": "{name}", "title": "Tin {name}", "body": "x", "source": "{source}"}}' for name, source in rows]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    searcher.index_paths(tmp_path / "index", [tmp_path / "a.jsonl"])
    with searcher.open_index(tmp_path / "index") as index:
        assert ids(index, 'nguồn:"Báo Thử Nghiệm"') == {"a"}
        assert ids(index, "nguon:bao thu") == {"a", "b"}
        assert ids(index, "nguồn:đài") == {"c"}


def test_plain_words_are_the_units_with_what_they_may_stand_for() -> None:
    parsed = parse("mại dâm Sơn La")
    assert [unit.alternatives[0].syllables for unit in parsed.units] == [("mại", "dâm"), ("sơn", "la")]
    assert [unit.position for unit in parsed.units] == [0, 2]
    assert any(one.kind == "synonym" for one in parsed.units[0].alternatives)
    assert isinstance(parsed.strict, wq.And)
    assert isinstance(parsed.relaxed, wq.Or)
    assert parsed.filter is None
    assert parsed.notes == ()


def test_what_is_taken_away_or_narrows_is_no_unit() -> None:
    parsed = parse("ma túy -mại dâm tỉnh:Sơn La năm:2019")
    assert [unit.alternatives[0].term for unit in parsed.units] == ["ma_tuý"]
    assert ("mại", "dâm") not in parsed.marks
    assert parsed.filter is not None


def test_only_plain_words_are_relaxed() -> None:
    parsed = parse('"cỏ Mỹ" học sinh trường học')
    assert isinstance(parsed.relaxed, wq.And)
    phrase, words = parsed.relaxed.subqueries
    assert phrase == parsed.units[0].query
    assert isinstance(words, wq.Or)
    anded = parse("học sinh VÀ cỏ Mỹ")
    assert anded.relaxed == anded.strict


def test_a_boost_weighs_the_word_before_it_and_brackets_all_that_is_in_them() -> None:
    assert [unit.boost for unit in parse("ma túy học sinh^3").units] == [1.0, 3.0]
    assert [unit.boost for unit in parse("(ma túy (học sinh)^2)^0,5 Sơn La").units] == [0.5, 1.0, 1.0]
    assert [unit.boost for unit in parse("ma túy^999999").units] == [100.0]
    assert [unit.fields for unit in parse("tiêuđề:(ma túy) HIV").units] == [("title",), ("title", "lead", "body")]


def test_decomposed_text_is_read_like_any_other() -> None:
    query = 'tỉnh:"Sơn La" HOẶC mại dâm'
    assert parse(unicodedata.normalize("NFD", query)) == parse(query)


def test_a_colon_in_a_headline_is_no_field() -> None:
    parsed = parse("Sơn La: bắt giữ 12:30 http://example.org/x")
    assert parsed.filter is None
    assert parsed.notes == ()


def test_of_a_long_query_the_start_is_read_and_a_note_says_so() -> None:
    parsed = parse("từ " * 400_000)
    assert parsed.notes == (f"Only the first {MAX_CHARS:,} characters of the query were read.",)
    many = parse(" ".join(f"w{number}" for number in range(200)))
    assert len(many.units) == MAX_UNITS
    assert any(str(MAX_UNITS) in note for note in many.notes)


def test_of_many_patterns_the_first_are_searched_for_and_each_once() -> None:
    same = parse("nghi* nghi* ma~ ma~")
    assert [unit.pattern for unit in same.units] == ["nghi*", "ma~1"]
    many = parse(" ".join(f"ngh{letter}*" for letter in "abcdefghijklm"))
    assert len(many.units) == MAX_PATTERNS
    assert any(str(MAX_PATTERNS) in note for note in many.notes)


WORDS: Final = "ma túy Sơn la VÀ và HOẶC or OR NOT_ năm 2019 ma_túy tuần này ma-túy x* ("


@given(st.lists(st.sampled_from(WORDS.split())))
def test_words_without_signs_are_read_as_they_are_with_the_whole_syntax(words: list[str]) -> None:
    text = " ".join(words)
    with patch("searcher.language.parser._WORDS", re.compile(r"(?!)")):
        wanted = parse(text)
    assert parse(text) == wanted


def test_notes_hold_nothing_that_a_terminal_obeys() -> None:
    parsed = parse("tỉnh:\x1b[31mx\x9b tên:\x07 ma*\x1b[2Jtúy")
    assert parsed.notes
    assert all(note.isprintable() for note in parsed.notes)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_whatever_is_typed_has_an_answer_in_time(seeds_index: searcher.EmbeddedIndex, text: str) -> None:
    started = time.process_time()
    results = find(seeds_index, text, limit=3, explain=True)
    assert time.process_time() - started < 2
    assert results.total >= len(results.hits)
    assert all(note.isprintable() for note in results.notes)
    json.dumps(results.to_dict()).encode()


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_and_repeated_input_has_an_answer_in_time(seeds_index: searcher.EmbeddedIndex, text: str) -> None:
    started = time.process_time()
    find(seeds_index, text, limit=3)
    assert time.process_time() - started < 2


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_any_hostile_query_has_an_answer_in_time(seeds_index: searcher.EmbeddedIndex, text: str) -> None:
    started = time.process_time()
    find(seeds_index, text, limit=1)
    assert time.process_time() - started < 2


class _Frequencies(NoVocabulary):
    """An index that once took two foreign words for one."""

    _known: Final = {"zalo_facebook": 5, "zalo": 60, "facebook": 90, "nhiễm_hiv": 40, "nhiễm": 200, "hiv": 300}

    def __contains__(self, term: str, /) -> bool:
        return term in self._known

    def frequency(self, term: str, /) -> int:
        return self._known.get(term, 0)

    def size(self) -> int:
        return 100_000


def test_foreign_words_side_by_side_are_words_by_themselves_unless_they_are_an_expression() -> None:
    def words(text: str) -> list[str]:
        return [unit.alternatives[0].term for unit in parse_query(text, _Frequencies()).units]

    assert words("zalo facebook") == ["zalo", "facebook"]
    assert words("nhiễm HIV") == ["nhiễm_hiv"]
