"""Small inputs that were once read wrongly, with what is right: every line of cases.tsv, where that is at hand.

The texts are invented. A line is (kind, file, check, right value); what the checks are is said by `CHECKS`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unicodedata import normalize

import pytest

import searcher
from searcher.article import Article
from searcher.sources import Item, read
from searcher.tagging import tag

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
TABLE = (CASES / "cases.tsv").read_text(encoding="utf-8").splitlines() if CASES.exists() else []
LINES = list(csv.DictReader(TABLE, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def articles(name: str) -> tuple[Article, ...]:
    """The articles of a file, with their tags."""
    return tuple(tag(found.article) for found in read([CASES / name]) if isinstance(found, Item))


def hits(name: str, query_and_count: str) -> None:
    query, _equals, count = query_and_count.rpartition("=")
    with TemporaryDirectory() as folder:
        searcher.index_paths(Path(folder, "index"), [CASES / name], jobs=1)
        with searcher.open_index(Path(folder, "index")) as index:
            results = index.search(query)
            assert (results.complete if results.relaxed else results.total) == int(count)


def date(name: str, right: str) -> None:
    found = [article.published.isoformat() if article.published else "none" for article in articles(name)]
    assert found
    assert [one for one in found if not one.startswith(MISSTATED.get(name, right))] == []


def has_title(name: str, right: str) -> bool:
    return any(right in normalize("NFC", article.title) for article in articles(name))


def has(name: str, field: str, right: str) -> bool:
    return any(right in (getattr(article, field) or ()) for article in articles(name))


def holds(found: bool) -> None:
    assert found


MISSTATED: Final = {"dates-txt-nfd.txt": "2020-02-15"}
"""Dates that the table has wrong: this file says "Thứ bảy, ngày 15 tháng 02 năm 2020", and it was a Saturday."""

CHECKS: Final[dict[str, Callable[[str, str], None]]] = {
    "articles": lambda name, right: holds(len(articles(name)) == int(right)),
    "refused": lambda name, _right: holds(not articles(name)),
    "hits": hits,
    "date": date,
    "title": lambda name, right: holds(has_title(name, right)),
    "nottitle": lambda name, right: holds(not has_title(name, right)),
    "province": lambda name, right: holds(has(name, "provinces", right)),
    "noprovince": lambda name, right: holds(not has(name, "provinces", right)),
    "topic": lambda name, right: holds(has(name, "topics", right)),
    "notopic": lambda name, right: holds(not has(name, "topics", right)),
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['file']} {line['check']} {line['value']}")
def test_what_was_once_read_wrongly_is_read_right(line: dict[str, str]) -> None:
    CHECKS[line["check"]](line["file"], line["value"] or "")
