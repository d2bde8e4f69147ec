"""JSON as other tools write it: what can be taken is taken, and what was left out is said; the texts are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searcher.sources import Item, Options, Rejected, Remark, read
from searcher.sources.jsonvalues import Value, values
from tests.sources.test_formats import day

ONE = {"title": "Bài một", "body": "Thân một"}
TWO = {"title": "Bài hai", "body": "Thân hai"}


def items(path: Path, content: str | bytes, **columns: str) -> list[Item]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = list(read([path], options=Options(columns=columns)))
    assert [one for one in found if isinstance(one, Rejected)] == []
    return [one for one in found if isinstance(one, Item)]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ONE) + "\n" + json.dumps(TWO),
        json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2),
        json.dumps(ONE) + json.dumps(TWO),
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=1),
        json.dumps(ONE) + ",\n" + json.dumps(TWO) + ",\n",
        "\ufeff" + json.dumps([ONE, TWO]),
        json.dumps({"articles": [ONE, TWO]}),
        json.dumps(
            {"took": 3, "hits": {"total": 2, "hits": [{"_id": "1", "_source": ONE}, {"_id": "2", "_source": TWO}]}}
        ),
        "[" + json.dumps(ONE) + "]\n[" + json.dumps(TWO) + "]",
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_objects_are_read_however_they_are_laid_out(tmp_path: Path, content: str, name: str) -> None:
    assert [one.article.title for one in items(tmp_path / name, content)] == ["Bài một", "Bài hai"]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_with_one_object_is_one_article(tmp_path: Path, indent: int | None) -> None:
    (item,) = items(tmp_path / "a.json", json.dumps(ONE, indent=indent))
    assert (item.article.body, item.line) == ("Thân một", None)


FIELDS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "content": ({"content": "Thân"}, "body", "Thân"),
    "an empty body beside it": ({"body": "", "content": "Thân"}, "body", "Thân"),
    "paragraphs": ({"body": ["Một", "Hai"]}, "body", "Một\nHai"),
    "WordPress": ({"content": {"rendered": "Thân", "protected": False}}, "body", "Thân"),
    "articleBody": ({"articleBody": "Thân"}, "body", "Thân"),
    "description": ({"description": "Dẫn"}, "lead", "Dẫn"),
    "authors": ({"authors": ["An", {"name": "Bình"}]}, "author", "An, Bình"),
    "an author's record": ({"author": {"@type": "Person", "name": "An"}}, "author", "An"),
    "a text for a list": ({"provinces": "Sơn La; Huế"}, "provinces", ("Sơn La", "Huế")),
    "a list with numbers": ({"provinces": ["Sơn La", 1, None]}, "provinces", ("Sơn La", "1")),
    "MongoDB's id": ({"_id": {"$oid": "5f0"}}, "id", "5f0"),
    "a number for a title": ({"title": 113}, "title", "113"),
    "NaN": ({"author": float("nan")}, "author", ""),
    "half a character": ({"author": "An \ud83d"}, "author", "An ?"),
    "NUL in a side field": ({"source": "a\x00b"}, "source", ""),
    "a link": ({"link": "https://a.example.vn/1"}, "url", "https://a.example.vn/1"),
}
DATES: dict[str, Any] = {
    "date": "2020-02-17T17:05:00+07:00",
    "pubDate": "17/02/2020 17:05",
    "published_at": "2020-02-17 17:05:00",
    "datePublished": "2020-02-17T10:05:00Z",
    "createdAt": {"$date": "2020-02-17T10:05:00Z"},
    "created": {"$date": 1581933900000},
    "published": {"$date": {"$numberLong": "1581933900000"}},
}


@pytest.mark.parametrize("name", FIELDS)
def test_names_and_forms_of_other_tools_are_known(tmp_path: Path, name: str) -> None:
    more, field, right = FIELDS[name]
    (item,) = items(tmp_path / "a.jsonl", json.dumps({"title": "Bài", "lead": None, **more}) + "\n")
    assert getattr(item.article, field) == right


@pytest.mark.parametrize("name", DATES)
def test_a_date_is_read_under_other_names(tmp_path: Path, name: str) -> None:
    (item,) = items(tmp_path / "a.jsonl", json.dumps({**ONE, name: DATES[name]}) + "\n")
    assert day(item.article) == "17/02/2020 17:05"


def test_what_was_not_used_is_said_once_a_file_and_may_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text((json.dumps({**ONE, "views": 3, "dienBien": "Dài"}) + "\n") * 3, encoding="utf-8")
    (remark,) = (one for one in read([path]) if isinstance(one, Remark))
    assert remark.text == "Fields that were not used: views, dienBien (--map 'name=field' says what one is)."
    (item,) = items(tmp_path / "b.jsonl", json.dumps({"title": "Bài", "dienBien": "Dài"}) + "\n", dienBien="body")
    assert item.article.body == "Dài"


def test_our_own_names_come_before_those_of_others(tmp_path: Path) -> None:
    (item,) = items(tmp_path / "a.jsonl", json.dumps({"content": "khác", "body": "Thân", "title": "Bài"}) + "\n")
    assert item.article.body == "Thân"


def test_an_array_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([ONE, TWO])[:-9], encoding="utf-8")
    first, last = read([tmp_path / "a.json"])
    assert isinstance(first, Item)
    assert isinstance(last, Rejected)
    assert (last.code, last.line, "breaks off" in last.reason) == ("json", 2, True)


class Trickle:
    """A stream that gives a few bytes at a time, whatever is asked for."""

    def __init__(self, raw: bytes, size: int) -> None:
        self._raw, self._size = raw, size

    def read(self, _size: int) -> bytes:
        piece, self._raw = self._raw[: self._size], self._raw[self._size :]
        return piece


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_values_are_found_wherever_the_blocks_end(size: int) -> None:
    inner = [{"a": 'x"}]\\" {[', "b": [{"c": []}]}, {}, {"\\": "\\\\"}]
    raw = json.dumps(inner).encode() + b" " + json.dumps(inner[0]).encode()
    found = list(values(Trickle(raw, size)))  # type: ignore[arg-type]  # it has what is asked of a stream
    assert [json.loads(one.raw or b"") for one in found] == [*inner, inner[0]]
    assert all(one.is_whole for one in found)
    assert list(values(Trickle(b"", size))) == []  # type: ignore[arg-type]
    assert [one.is_whole for one in values(Trickle(raw[:-1], size))] == [True, True, True, False]  # type: ignore[arg-type]
    assert isinstance(found[0], Value)
