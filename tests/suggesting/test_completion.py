"""Completion: topics, places, words, phrases and titles that begin as what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.analysis import fold
from searcher.analysis.folding import compatible
from searcher.analysis.stream import analyze
from searcher.execution.termcounts import segments_of
from searcher.suggesting.phrases import DEPTH, open_phrases
from searcher.suggesting.suggestion import KINDS, Suggestion
from tests.invented import indexed, invented


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(tmp_path_factory.mktemp("typed") / "index", invented(70))


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[searcher.EmbeddedIndex]:
    with searcher.open_index(folder) as opened:
        yield opened


def offered(index: searcher.EmbeddedIndex, typed: str, kind: str = "", limit: int = 10) -> list[str]:
    return [one.text for one in index.suggest(typed, limit) if kind in ("", one.kind)]


@pytest.mark.parametrize(
    ("typed", "kind", "found"),
    [
        ("mai d", "topic", "mại dâm"),
        ("mại d", "topic", "mại dâm"),
        ("MẠI D", "topic", "mại dâm"),
        ("bán ng", "topic", "mua bán người"),
        ("hiv", "topic", "HIV/AIDS"),
        ("son", "place", "Sơn La"),
        ("Điện", "place", "Điện Biên"),
        ("dien b", "place", "Điện Biên"),
        ("phong ch", "word", "phòng chống"),
        ("cai ng", "word", "cai nghiện"),
        ("metha", "word", "methadone"),
        ("đường dây ma", "phrase", "đường dây ma túy"),
        ("mại dâm t", "phrase", "mại dâm trá hình ở khách sạn"),
        ("đường dây ", "phrase", "đường dây ma túy"),
        ("lực lượng giải cứu nạn", "phrase", "lực lượng giải cứu nạn nhân bị lừa bán"),
        ("xyz heroi", "word", "xyz heroin"),
        ("giai cuu nan nhan", "title", "Giải cứu nạn nhân bị lừa bán, vụ 67"),
    ],
)
def test_what_begins_so_is_offered(index: searcher.EmbeddedIndex, typed: str, kind: str, found: str) -> None:
    assert found in offered(index, typed, kind)


@pytest.mark.parametrize("typed", ["mãi d", "sòn", "đưỡng dây", "zzzz", "mại dâm zzzz zz"])
def test_marks_that_were_typed_must_be_there(index: searcher.EmbeddedIndex, typed: str) -> None:
    assert offered(index, typed) == []


def test_nothing_typed_offers_topics_and_places(index: searcher.EmbeddedIndex) -> None:
    assert {one.kind for one in index.suggest("")} == {"topic", "place"}


def test_kinds_come_in_order_and_no_text_twice(index: searcher.EmbeddedIndex) -> None:
    for typed in ("m", "ma", "d", "mai d", "đường", "b"):
        found = index.suggest(typed)
        order = [KINDS.index("phrase" if one.kind == "word" else one.kind) for one in found]
        assert order == sorted(order)
        assert len({one.text for one in found}) == len(found) <= 10


def test_counts_are_those_of_a_search(index: searcher.EmbeddedIndex) -> None:
    def one(typed: str, kind: str) -> Suggestion:
        return next(found for found in index.suggest(typed) if found.kind == kind)

    assert one("mai d", "topic").count == index.search("", topics=["mai-dam"], limit=0).total
    assert one("mai d", "topic").value == "mai-dam"
    assert one("sơn l", "place").count == index.search("", provinces=["Sơn La"], limit=0).total
    assert one("phòng ch", "word").count == index.search('body:"phòng chống"', limit=0).total
    assert one("đường dây ma", "phrase").count == index.search('title:"đường dây ma túy"', limit=0).total
    title = one("giải cứu", "title")
    assert index.get(title.value).title == title.text


def test_titles_that_begin_so_come_first_and_then_the_newest(index: searcher.EmbeddedIndex) -> None:
    found = [one for one in index.suggest("đường dây", 100) if one.kind == "title"]
    begins = [fold(one.text).lower().startswith("duong day") for one in found]
    assert begins == sorted(begins, reverse=True)
    assert any(begins)
    assert not all(begins)
    days = [index.get(one.value).published for one, first in zip(found, begins, strict=True) if first]
    assert all(earlier >= later for earlier, later in pairwise(days))  # type: ignore[operator]


def test_several_segments_answer_as_one(tmp_path: Path) -> None:
    whole = indexed(tmp_path / "whole", invented(70))
    parts = tmp_path / "parts"
    for start in range(0, 70, 14):
        indexed(parts, invented(14, start), name=str(start))
    with searcher.open_index(whole) as one, searcher.open_index(parts) as several:
        for typed in ("mai d", "đường dây", "m", "phòng ch", "giải cứu", "son l", "zz"):
            assert several.suggest(typed, 30) == one.suggest(typed, 30), typed


def test_articles_that_were_deleted_are_no_longer_offered(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", invented(14))
    with searcher.open_index(folder) as index:
        assert "Giải cứu nạn nhân bị lừa bán, vụ 4" in offered(index, "giải cứu", "title")
        writer = index.whoosh.writer()
        writer.delete_by_term("id", "bai-004")
        writer.commit()
    with searcher.open_index(folder) as index:
        assert offered(index, "giải cứu", "title") == ["Giải cứu nạn nhân bị lừa bán, vụ 11"]


def test_what_titles_are_found_by_is_kept_beside_the_segment_and_made_again_when_damaged(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", invented(30))
    with searcher.open_index(folder) as index:
        before = index.suggest("đường dây")
    (kept,) = folder.glob("*.phrases")
    whole = kept.read_bytes()
    for damaged in (b"", b"x" * 100, whole[:-10], whole[:300] + b"\x00" * 40 + whole[340:]):
        kept.write_bytes(damaged)
        with searcher.open_index(folder) as index:
            assert index.suggest("đường dây") == before
        assert kept.read_bytes() == whole


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_is_kept_of_a_segment_goes_with_it_and_not_before(tmp_path: Path, rebuild: bool) -> None:
    folder = indexed(tmp_path / "index", invented(40))
    with searcher.open_index(folder) as index:
        index.suggest("ma")
        (first,) = folder.glob("*.phrases")
        left = first.with_suffix(".123.tmp")  # of one who was killed when keeping it
        left.write_bytes(b"left")
        foreign = folder / "mine.phrases"
        foreign.write_bytes(b"mine")
        indexed(folder, invented(1, start=40), name="more")
        assert first.exists()
        assert not left.exists()
        searcher.index_paths(folder, [tmp_path / "index-articles.jsonl"], rebuild=rebuild)
        assert first.exists() == (not rebuild)
        writer = index.whoosh.writer()
        writer.commit(optimize=True)
        assert not first.exists()
        assert index.suggest("mai d")  # who has it open goes on reading it
    assert foreign.read_bytes() == b"mine"


def test_where_nothing_can_be_written_it_is_made_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "no")

    folder = indexed(tmp_path / "index", invented(10))
    monkeypatch.setattr("searcher.suggesting.phrases.Disk.write", refuse)
    with searcher.open_index(folder) as index:
        assert index.suggest("mai d")
    assert not list(folder.glob("*.phrases"))


def test_an_empty_index_offers_nothing(tmp_path: Path) -> None:
    with searcher.open_index(indexed(tmp_path / "index", [])) as index:
        assert index.suggest("ma") == () == index.suggest("")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_typed_there_is_an_answer(index: searcher.EmbeddedIndex, text: str) -> None:
    assert len(index.suggest(text)) <= 10


TITLE = st.lists(
    st.sampled_from(("ma tuý", "mà", "má", "mại dâm", "mai", "dam", "đâm", "sơn la", "son", "a")), max_size=6
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(TITLE, min_size=1, max_size=8), st.lists(st.sampled_from(("ma", "má", "mai", "mại", "dâm")), max_size=2)
)
def test_the_suffix_array_finds_what_reading_every_title_finds(
    tmp_path_factory: pytest.TempPathFactory, titles: list[list[str]], typed: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("titles") / "index"
    articles = [{"id": str(at), "title": " ".join(words), "body": "x"} for at, words in enumerate(titles)]
    with searcher.open_index(indexed(folder, articles)) as index:
        for _first, segment in segments_of(index.whoosh.reader()):
            phrases = open_phrases(segment)
            if phrases is None:
                continue
            stored = [segment.stored(docnum)["title"] for docnum in range(segment.doc_count)]
            for prefix in ("", "m", "ma", "d", "đ", "mạ", "tuy"):
                places = phrases.following(typed, prefix)
                at = places - phrases.starts[phrases.documents(places)]
                found = sorted(zip(phrases.documents(places).tolist(), at.tolist(), strict=True))
                assert found == naive_places(stored, typed, prefix)


def naive_places(titles: list[str], typed: list[str], prefix: str) -> list[tuple[int, int]]:
    found = []
    for number, title in enumerate(titles):
        stream = analyze(title)
        syllables = [term for term, _at in stream if "_" not in term]
        inside = {place for term, at in stream if "_" in term for place in range(at + 1, at + term.count("_") + 1)}
        for at in range(len(syllables)):
            rest = syllables[at : at + len(typed) + 1]
            whole = len(rest) >= len(typed) and all(map(compatible, typed, rest))
            last = rest[len(typed)] if len(rest) > len(typed) else ""
            if at not in inside and whole and (not prefix or compatible(prefix, last[: len(prefix)])):
                found.append((number, at))
    return sorted(found)


def test_a_prefix_of_more_words_than_are_sorted_by_finds_no_phrase(index: searcher.EmbeddedIndex) -> None:
    assert index.suggest(" ".join(["ma"] * (DEPTH + 5))) is not None
