"""Snippets: what is marked, where passages begin and end, and that nothing of an article is markup."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import searcher
from searcher.analysis.offsets import term_spans
from searcher.analysis.terms import syllable_terms
from searcher.article import Article
from searcher.harmless import harmless, harmless_json
from searcher.language.parser import parse_query
from searcher.language.tree import Mark
from searcher.query.matches import Finder, Match
from searcher.query.snippets import MARKS, MAX_CHARS, as_html, make_snippet, unmarked
from tests.test_end_to_end import run

FILLER: Final = "Đoạn này nói về chuyện khác và không có gì để tìm. " * 12


def snippet(query: str, body: str, lead: str = "") -> str:
    return make_snippet(Article(id="1", title="Tựa", lead=lead, body=body), Finder(parse_query(query).marks))


def marked(text: str) -> list[str]:
    return re.findall(f"{MARKS[0]}(.*?){MARKS[1]}", text)


@pytest.mark.parametrize(
    ("query", "text", "matches"),
    [
        ("ma túy", "Bắt giữ Ma Túy ở bản", ["Ma Túy"]),
        ("ma túy", "thu giữ ma tuý", ["ma tuý"]),
        ("ma tuý", "thu giữ ma túy", ["ma túy"]),
        ("mai dam", "tệ nạn mại dâm", ["mại dâm"]),
        ("ma túy", "thu giữ heroin", ["heroin"]),
        ("CA tỉnh", "Công an tỉnh cho biết", ["Công an", "tỉnh"]),
        ("ma túy", unicodedata.normalize("NFD", "bắt ma túy"), [unicodedata.normalize("NFD", "ma túy")]),
        ("phòng chống mại dâm", "phòng, chống mại dâm", ["phòng, chống", "mại dâm"]),
        ('"ma tuý"', "nạn ma túy, heroin", ["ma túy"]),
        ("4.000 người", "hơn 4.000 người", ["4.000", "người"]),
    ],
)
def test_a_match_is_marked_whichever_way_it_is_spelled(query: str, text: str, matches: list[str]) -> None:
    assert marked(snippet(query, text)) == matches


def test_words_of_a_prefix_and_rough_spellings_are_marked(seeds_index: searcher.EmbeddedIndex) -> None:
    for query, found in (("nghiệ*", "nghiện"), ("heroine~", "heroin")):
        hits = seeds_index.search(query).hits
        assert found in {match.lower() for hit in hits for match in marked(hit.snippet)}


def test_words_that_are_far_apart_are_shown_in_passages_joined_by_dots() -> None:
    body = f"Công an bắt một người vì ma túy. {FILLER} Phiên tòa ở Sơn La kết thúc. {FILLER}"
    found = snippet("ma túy Sơn La", body)
    assert marked(found) == ["ma túy", "Sơn La"]
    assert " … " in found
    assert len(unmarked(found)) <= MAX_CHARS + 2


def test_one_passage_is_enough_where_the_words_stand_together() -> None:
    found = snippet("ma túy Sơn La", f"{FILLER} Vụ ma túy ở Sơn La. {FILLER}")
    assert found.startswith("…")
    assert found.endswith("…")
    assert " … " not in found


def test_where_nothing_matches_it_is_the_beginning() -> None:
    assert snippet("xyz", FILLER).startswith("Đoạn này")
    assert snippet("xyz", "") == ""
    assert snippet("", "Tin ngắn.") == "Tin ngắn."


@given(st.lists(st.sampled_from(["ma túy", "Sơn La,", "công an", "x" * 30, "và", "HIV.", "\n"]), max_size=120))
def test_passages_are_whole_words_of_the_article_in_its_own_spelling(words: list[str]) -> None:
    text = " ".join(" ".join(words).split())
    found = unmarked(snippet("ma tuy son la", text))
    for passage in found.removeprefix("…").removesuffix("…").split(" … "):
        at = text.find(passage)
        assert at >= 0
        assert passage == "" or f" {passage} " in f" {text} "
    assert len(found) <= MAX_CHARS + 2


WORDS: Final = st.sampled_from(
    ["ma", "túy", "tuý", "Ma", "TÚY", "mại", "dâm", "4.000", "300kg", "x_y", "hòa", "hoà", "İ", "-", ",", "...",
     "\u200b", "a@b.vn", "http://ma.vn/túy", "tu\u0301y", "\xa0", "ﬁ", "Ðồng", "２", "\n", "t", "ß", "an", "toàn",
     "4.000kg", "1.5kg", "kg", "2019", "5.2.2019", "qúy", "lí", "do", "chất"]
)  # fmt: skip
MARKS_OF: Final = {
    ("ma", "tuý"): Mark(0, 1), ("tuý",): Mark(1, 1), ("4.000",): Mark(2, 1), ("hoà",): Mark(3, 1), ("an",): Mark(4, 1),
    ("kg",): Mark(5, 1), ("2019",): Mark(6, 1), ("chất", "ma", "tuý"): Mark(7, 1), ("quý",): Mark(8, 1),
    ("lý", "do"): Mark(9, 1),
}  # fmt: skip


@example("İ túy")
@given(st.lists(WORDS, max_size=30).map(" ".join) | st.lists(WORDS, max_size=12).map("".join))
def test_the_fast_way_finds_what_the_terms_of_the_index_are(text: str) -> None:
    terms, spans = syllable_terms(text), list(term_spans(text))
    expected, place = [], 0
    while place < len(terms):
        found = next((run for n in (3, 2, 1) if (run := terms[place : place + n]) in MARKS_OF), ())
        if found:
            expected.append(Match(spans[place][0], spans[place + len(found) - 1][1], MARKS_OF[found]))
        place += max(len(found), 1)
    assert Finder(MARKS_OF).find(text) == expected


def test_html_of_an_article_is_inert(tmp_path: Path) -> None:
    evil = "Tin <script>alert(1)</script> ma túy <img src=x onerror=alert(1)>"
    # In JSON it would be taken for markup and taken out; a plain text is as it stands.
    (tmp_path / "a.txt").write_text(f"{evil}\n\n{evil}\n", encoding="utf-8")
    searcher.index_paths(tmp_path / "index", [tmp_path / "a.txt"])
    done = run("query", "ma túy", "--json", "-i", tmp_path / "index")
    assert "<" not in done.stdout
    hit = json.loads(done.stdout)["hits"][0]
    assert hit["title"] == hit["snippet"] == evil
    assert "<mark>ma túy</mark>" in hit["snippet_html"]
    assert "<script" not in hit["snippet_html"]
    assert "<img" not in hit["snippet_html"]


def test_an_article_cannot_forge_marks_or_command_a_terminal() -> None:
    found = snippet("ma túy", f"{MARKS[0]}giả{MARKS[1]} \x1b[31m ma túy\x9b \u202e\x07")
    assert marked(found) == ["ma túy"]
    assert unmarked(found) == "giả [31m ma túy"
    assert as_html("a<b") == "a&lt;b"


def test_what_is_harmless_is_what_unicode_says() -> None:
    every = [chr(code) for code in range(0x110000)]
    gone = {char for char in every if unicodedata.category(char) in ("Cc", "Cf", "Cs")} - {"\n", "\t"}
    kept = set(harmless("".join(every)))
    assert not gone & kept
    unassigned_here = {char for char in set(every) - kept - gone if unicodedata.category(char) == "Cn"}
    assert set(every) - kept == gone | unassigned_here


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_harmless_json_says_the_same(text: str) -> None:
    encoded = harmless_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(encoded) == text
    assert not re.search(r"[<>&\x7f-\x9f\u202a-\u202e]", encoded)


@pytest.mark.parametrize(
    "body", ["ma túy " * 200_000, "x" * 1_000_000, "\u0301" * 100_000, "@" * 100_000, "ma\u200b" * 50_000]
)
def test_a_long_article_takes_no_longer_than_its_start(body: str) -> None:
    started = time.process_time()
    snippet("ma túy", body)
    assert time.process_time() - started < 0.5
