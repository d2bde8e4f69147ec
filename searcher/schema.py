"""The Whoosh schema of an index of articles, and the way of an article into a document and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from whoosh.fields import COLUMN, DATETIME, ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

from searcher.analysis.analyzer import VietnameseAnalyzer
from searcher.article import VIETNAM, Article, fingerprint
from searcher.codec.schemas import FieldData
from searcher.errors import IndexUnusable
from searcher.facts.fields import LABELS, NUMBERS, fields_of
from searcher.facts.records import FactsObject
from searcher.messages import _
from searcher.semantics.articlevectors import sketch_column, vector_column
from searcher.tagging import merged
from searcher.tagging.levels import level_term, sure_ones

NO_SCORES: Final[Mapping[str, float]] = {}
TEXT_FIELDS: Final = ("title", "lead", "body")
FACT_FIELDS: Final = ("facts", *LABELS, *NUMBERS)
_SHIFT: Final = 8  # bits that a term of a number leaves out of the one before: 8 terms a number


def article_schema() -> Schema:
    """Return the schema; `published` is naive UTC inside the index, provinces and topics have several values.

    `sure_...` have those of them that are sure, and `level` has each with how sure it is (`searcher.tagging.levels`).
    """
    analyzer = VietnameseAnalyzer()
    return Schema(
        id=ID(unique=True, stored=True),
        url=ID(stored=True),
        source=ID(stored=True),
        author=STORED,
        file=ID(stored=True),
        fingerprint=COLUMN(),
        signature=COLUMN(),
        published=DATETIME(stored=True, sortable=True),
        year=NUMERIC(int, sortable=True),
        province=KEYWORD(commas=True, stored=True),
        province_2025=KEYWORD(commas=True, stored=True),
        topic=KEYWORD(commas=True, stored=True),
        sure_province=KEYWORD(commas=True),
        sure_province_2025=KEYWORD(commas=True),
        sure_topic=KEYWORD(commas=True),
        level=KEYWORD(commas=True),
        title=TEXT(analyzer=analyzer, stored=True),
        lead=TEXT(analyzer=analyzer, stored=True),
        body=TEXT(analyzer=analyzer, stored=True),
        facts=STORED,
        **{name: KEYWORD(commas=True) for name in LABELS},
        **{name: NUMERIC(int, bits=64, shift_step=_SHIFT) for name in NUMBERS},
        **{vector_column(): COLUMN(), sketch_column(): COLUMN()},
    )


def has_facts(schema: Schema) -> bool:
    """Return whether an index holds the facts of cases: those made before they were read do not."""
    return "offence" in schema


ARTICLE_FIELDS: Final = {
    "author": FieldData("STORED"),
    "body": FieldData("TEXT", stored=True, analyzer="vietnamese"),
    "file": FieldData("ID", stored=True),
    "fingerprint": FieldData("COLUMN"),
    "id": FieldData("ID", stored=True, unique=True),
    "lead": FieldData("TEXT", stored=True, analyzer="vietnamese"),
    "level": FieldData("KEYWORD", commas=True),
    "province": FieldData("KEYWORD", stored=True, commas=True),
    "province_2025": FieldData("KEYWORD", stored=True, commas=True),
    "published": FieldData("DATETIME", stored=True, sortable=True),
    "signature": FieldData("COLUMN"),
    "source": FieldData("ID", stored=True),
    **{f"sure_{name}": FieldData("KEYWORD", commas=True) for name in ("province", "province_2025", "topic")},
    "title": FieldData("TEXT", stored=True, analyzer="vietnamese"),
    "topic": FieldData("KEYWORD", stored=True, commas=True),
    "url": FieldData("ID", stored=True),
    "year": FieldData("NUMERIC", sortable=True, number="int"),
    "facts": FieldData("STORED"),
    **{name: FieldData("KEYWORD", commas=True) for name in LABELS},
    **{name: FieldData("NUMERIC", number="int", bits=64, shift_step=_SHIFT) for name in NUMBERS},
}
"""The same as a table of contents says it: what an index is compared with when it is opened."""
FIELDS_BEFORE_FACTS: Final = {name: field for name, field in ARTICLE_FIELDS.items() if name not in FACT_FIELDS}
"""Those of an index that was made before the facts of cases were read."""


def to_document(
    article: Article,
    file: str,
    tagged: Article,
    signed: bytes | None = None,
    scores: Mapping[str, float] = NO_SCORES,
    facts: FactsObject | None = None,
) -> dict[str, Any]:
    """Return the fields of a document: of the article as it was read, of its tags and facts, its signature if known.

    `scores` say how sure a tag is; one without a score came with the article.
    """
    if signed is None:
        from searcher.analysis.signature import signature  # not for who reads an index

        signed = signature(signed_text(article))
    provinces, topics = tagged.provinces or (), tagged.topics or ()
    sure = sure_ones(provinces, scores)
    sure_2025 = merged(sure) if provinces else tagged.provinces_2025 or ()
    document: dict[str, Any] = {
        "id": article.id,
        "fingerprint": bytes.fromhex(fingerprint(article)),
        "signature": signed,
        "file": file,
        "title": article.title,
        "lead": article.lead,
        "body": "\n".join(filter(None, (article.body, *article.captions))),
        "province": ",".join(tagged.provinces or ()),
        "province_2025": ",".join(tagged.provinces_2025 or ()),
        "topic": ",".join(tagged.topics or ()),
        "sure_province": ",".join(sure),
        "sure_province_2025": ",".join(name for name in tagged.provinces_2025 or () if name in sure_2025),
        "sure_topic": ",".join(sure_ones(topics, scores)),
        "level": ",".join(level_term(value, scores.get(value, 1.0)) for value in (*provinces, *topics)),
    }
    document |= {name: value for name in ("url", "source", "author") if (value := getattr(article, name))}
    if tagged.published is not None:
        document["published"] = tagged.published.astimezone(UTC).replace(tzinfo=None)
        document["year"] = tagged.published.astimezone(VIETNAM).year
    return document if facts is None else document | fields_of(facts)


def signed_text(article: Article) -> str:
    """Return what an article is compared with others by, to find copies."""
    return f"{article.lead} {article.body}"


class _Stored(msgspec.Struct):
    """What of a document is stored."""

    id: str
    title: str = ""
    lead: str = ""
    body: str = ""
    published: datetime | None = None
    url: str = ""
    source: str = ""
    author: str = ""
    province: str = ""
    province_2025: str = ""
    topic: str = ""


def to_article(stored: Mapping[str, Any]) -> Article:
    """Return the article that the stored fields of a document hold, with its tags; raises IndexUnusable for others."""
    try:
        fields = msgspec.convert(stored, _Stored)
        published = fields.published and fields.published.replace(tzinfo=UTC).astimezone(VIETNAM)
    except (msgspec.ValidationError, OverflowError):
        text = _("An article in the index is not stored as it should be. Make it anew: --rebuild")
        raise IndexUnusable(text) from None
    return Article(
        id=fields.id,
        title=fields.title,
        lead=fields.lead,
        body=fields.body,
        published=published,
        url=fields.url,
        source=fields.source,
        author=fields.author,
        provinces=tuple(filter(None, fields.province.split(","))),
        provinces_2025=tuple(filter(None, fields.province_2025.split(","))),
        topics=tuple(filter(None, fields.topic.split(","))),
    )
