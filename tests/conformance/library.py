"""Invented articles that every engine is asked about, and what they say, told by plain Python."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import searcher
from tests.invented import invented

Record = dict[str, Any]
Location = str | Path

_NFD: Final = unicodedata.normalize("NFD", "Bắt giữ hai đối tượng ở Thanh Hoá")
SPECIAL: Final[tuple[Record, ...]] = (
    {"id": "khong-ngay", "title": "Hội nghị về cai nghiện, chưa rõ ngày", "body": "Người nghiện được tư vấn miễn phí."},
    {
        "id": "nfd",
        "title": _NFD,
        "body": unicodedata.normalize("NFD", "Khám xét nơi ở, lực lượng chức năng thu ketamine."),
        "published": "2020-05-01T08:00:00+07:00",
        "provinces": ["Thanh Hóa"],
        "topics": ["ma-tuy"],
    },
    {
        "id": "ký tự lạ/ü?#&%20",
        "title": 'Ký hiệu 😀 a < b & "ngoặc"',
        "body": "Dòng một\n\nDòng hai có dấu < > & ' và chữ ﬁ dính liền.",
        "published": "2021-12-31T23:59:59+07:00",
        "provinces": [],
        "topics": [],
    },
    {
        "id": "dau-nam",
        "title": "Tin đầu năm về methadone",
        "body": "Phát methadone tại nhà.",
        "published": "2022-01-01T00:00:00+07:00",
        "provinces": ["Hà Nội"],
        "topics": ["hiv-aids"],
    },
    {
        "id": "theo-gio-quoc-te",
        "title": "Tin ghi giờ quốc tế",
        "body": "Bản tin này ghi giờ theo múi giờ khác.",
        "published": "2021-12-31T18:30:00+00:00",
        "provinces": ["Hà Nội"],
        "topics": [],
    },
)
ARTICLES: Final[tuple[Record, ...]] = (*invented(60), *SPECIAL)
"""What the index of the suite holds: ids `bai-000` to `bai-059`, and some that are special in one way each."""


def written(file: Path, articles: Iterable[Record]) -> Path:
    """Return the file, which now holds the articles as JSONL."""
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    file.write_text("".join(lines), encoding="utf-8")
    return file


def filled(location: Location, file: Path, articles: Iterable[Record], **how: Any) -> searcher.Summary:
    """Bring the index at a location up to date with these articles, which are in this file, and nothing else."""
    return searcher.index_paths(location, [written(file, articles)], **how)


def text_of(article: Record) -> str:
    """Return title and body in lower case, composed, with the tone marks where the index has them."""
    text = unicodedata.normalize("NFC", f"{article['title']}\n{article.get('body', '')}").lower()
    return text.replace("thanh hoá", "thanh hóa")


def having(phrase: str) -> set[str]:
    """Return the ids of the articles in which a phrase of whole words stands."""
    wanted = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)")
    return ids_of(article for article in ARTICLES if wanted.search(text_of(article)))


def ids_of(articles: Iterable[Record]) -> set[str]:
    """Return their ids."""
    return {article["id"] for article in articles}


def moment_of(article: Record) -> datetime | None:
    """Return when it was published, in Vietnam's zone."""
    given = article.get("published")
    return datetime.fromisoformat(given).astimezone(searcher.article.VIETNAM) if given else None


def published(first: date | None = None, last: date | None = None) -> set[str]:
    """Return the ids of the articles of these days in Vietnam, both inclusive."""
    dated = [(article["id"], moment.date()) for article in ARTICLES if (moment := moment_of(article))]
    return {one for one, day in dated if (first is None or day >= first) and (last is None or day <= last)}


def tagged(*, provinces: Sequence[str] = (), topics: Sequence[str] = ()) -> set[str]:
    """Return the ids of articles with any of the provinces and any of the topics that they were given."""
    return ids_of(
        article
        for article in ARTICLES
        if (not provinces or set(provinces) & set(article.get("provinces", ())))
        and (not topics or set(topics) & set(article.get("topics", ())))
    )


def counted(ids: Iterable[str], values_of: Callable[[Record], Iterable[str]]) -> dict[str, int]:
    """Return how many of these articles have each value."""
    wanted = set(ids)
    return dict(Counter(value for article in ARTICLES if article["id"] in wanted for value in values_of(article)))


def found(results: searcher.Results) -> list[str]:
    """Return the ids of the hits, in their order."""
    return [hit.article.id for hit in results.hits]
