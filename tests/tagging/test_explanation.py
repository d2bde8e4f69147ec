"""Explanations: what they say is what made the tags, and the documentation shows what the program shows."""

from __future__ import annotations

import json
from functools import cache
from math import exp

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article
from searcher.sources import Item, read
from searcher.tagging import Evidence, ExplainedTag, explain, infer
from searcher.tagging.objects import explained_object
from tests.commands import run
from tests.test_seeds import FILES, REAL, SEEDS
from tools import tagging_examples


@cache
def article(name: str) -> Article:
    (found,) = read([SEEDS / name])
    assert isinstance(found, Item)
    return found.article


@pytest.mark.parametrize("name", FILES)
def test_an_explanation_gives_the_tags_that_tagging_gives(name: str) -> None:
    explained, tags = explain(article(name)), infer(article(name))
    for found, given_tags in ((explained.provinces, tags.provinces), (explained.topics, tags.topics)):
        assert [one.value for one in found if one.given] == [one.value for one in given_tags]
        for one, inferred in zip(found, given_tags, strict=False):
            assert one.score == pytest.approx(inferred.score, abs=0.001)


@pytest.mark.parametrize("name", FILES)
def test_the_parts_of_a_score_make_it(name: str) -> None:
    explained = explain(article(name))
    for one in (*explained.provinces, *explained.topics):
        assert 1 / (1 + exp(-sum(one.parts.values()))) == pytest.approx(one.score, abs=0.02)


@pytest.mark.parametrize("name", FILES)
def test_every_tag_rests_on_words_that_stand_in_the_article(name: str) -> None:
    explained = explain(article(name))
    for one in (*explained.provinces, *explained.topics):
        assert one.evidence or one.counter
        for quote in (*one.evidence, *one.counter):
            sentence = f"{quote.before.removeprefix('…')}{quote.words}{quote.after.removesuffix('…')}"
            assert sentence in getattr(explained.article, quote.section)
            assert len(quote.before) <= 92
            assert quote.words


def counted(tags: tuple[ExplainedTag, ...], value: str) -> tuple[list[Evidence], list[Evidence]]:
    (one,) = (tag for tag in tags if tag.value == value)
    return list(one.evidence), list(one.counter)


def test_what_counts_against_a_province_is_shown() -> None:
    body = "Công an tỉnh Lào Cai bắt Lò V.A., quê Nam Định. Theo báo Lào Cai, có Nguyễn Nam Định làm chứng."
    explained = explain(Article(title="Bắt nghi phạm", body=body))
    evidence, counter = counted(explained.provinces, "Lào Cai")
    assert [(one.kind, one.words) for one in evidence] == [("authority", "tỉnh Lào Cai")]
    assert [(one.kind, one.words) for one in counter] == [("aside", "Lào Cai")]
    evidence, counter = counted(explained.provinces, "Nam Định")
    assert not evidence
    assert [one.kind for one in counter] == ["home", "person"]


def test_what_counts_against_a_topic_is_shown() -> None:
    body = "Cục Phòng, chống ma túy họp. Các tệ nạn cờ bạc, ma túy giảm. Con trai bà nghiện game. Họ mua ma túy ở chợ."
    evidence, counter = counted(explain(Article(title="Họp", body=body)).topics, "ma-tuy")
    assert [(one.kind, one.before) for one in evidence] == [("names", "Họ mua ")]
    assert [one.kind for one in counter] == ["offices", "listed", "others"]


def test_what_an_article_came_with_is_said_to_be_kept() -> None:
    explained = explain(Article(title="Ma túy ở Sơn La", body="Ma túy tại Sơn La.", provinces=("Hà Nội",)))
    assert (explained.trusted, explained.article.provinces) == (("provinces",), ("Hà Nội",))
    assert explained.provinces[0].value == "Sơn La"


def test_a_date_of_the_text_is_explained_by_its_line() -> None:
    explained = explain(Article(title="Kế hoạch", body="31/02/2020\nSơn La, ngày 17 tháng 02 năm 2020\nNội dung."))
    assert explained.date_line == "Sơn La, ngày 17 tháng 02 năm 2020"
    assert len(explained.date_refusals) == 1


@given(st.text(max_size=80), st.text(max_size=80), st.text(alphabet="Hà Nội, ma túy.(công an)\n\u0300", max_size=300))
def test_any_text_can_be_explained(title: str, lead: str, body: str) -> None:
    assert msgspec.json.encode(explained_object(explain(Article(title=title, lead=lead, body=body))))


def test_json_has_scores_parts_and_sentences() -> None:
    (line,) = run("tag", "--explain", "--json", SEEDS / REAL).stdout.splitlines()
    found = json.loads(line)
    assert found["published"] == "2020-02-17T17:05:00+07:00"
    assert (found["provinces"], found["provinces_2025"]) == (["Sơn La"], ["Sơn La"])
    assert found["topics"][0] == "mai-dam"
    first = found["explanation"]["topics"][0]
    assert set(first) == {"value", "score", "given", "parts", "evidence", "counter"}
    assert set(first["evidence"][0]) == {"section", "kind", "before", "words", "after"}


def test_a_piped_explanation_has_no_codes_and_no_trailing_spaces() -> None:
    done = run("tag", "--explain", SEEDS / REAL)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


def test_the_documentation_shows_what_the_program_shows() -> None:
    text = tagging_examples.DOC.read_text("utf-8")
    assert len(tagging_examples.examples(text)) == 3
    assert tagging_examples.written(text) == text, "run python -m tools.tagging_examples"
