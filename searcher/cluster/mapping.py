"""How an index lies in a cluster: two OpenSearch indices a generation, and the aliases that name the one in use.

    news             alias of  news.g1        the articles
    news.terms       alias of  news.g1.terms  how frequent every term is, and the state of the index

A text is kept as it is, and once more as its terms, which `documents.py` writes as one string: whitespace parts
positions, a bar the terms of one position. So positions and terms are exactly those of an index in a folder. The
similarity of these fields gives a term's frequency over the field's length norm, which is what the formula adds up over
fields (`searcher.ranking.formula`); everything above that is in the query (`formula.py`).
"""

from __future__ import annotations

import os
from typing import Any, Final

from searcher.errors import SearcherError
from searcher.facts.fields import LABELS, NUMBERS
from searcher.messages import _
from searcher.ranking.rarity import B
from searcher.semantics.termvectors import term_vectors

FORMAT: Final = 1
"""What tells indices apart that were laid out otherwise; another one has to be copied or made anew."""
TEXTS: Final = {"title": "t_title", "lead": "t_lead", "body": "t_body"}
"""The field of terms for each text field."""
NUMBER_FIELDS: Final = ("year", *NUMBERS)
LABEL_FIELDS: Final = (
    "province",
    "province_2025",
    "topic",
    "sure_province",
    "sure_province_2025",
    "sure_topic",
    "level",
    "offence",
    "drug",
)
"""Fields with several values, which a document of an index in a folder has with commas between."""
FOLDED_TITLE: Final = "t_title.folded"
SIGNED: Final = "signed"
"""The field with an article's signature and, after it, its vector."""
STATE_ID: Final = " state"
"""The document of the terms' index that has the state of the index; no term has a space in it."""
RUN_PREFIX: Final = " run "
SHARDS: Final = "SEARCHER_CLUSTER_SHARDS"
_MAX_SHARDS: Final = 1024
_MAX_TOKEN: Final = 8192

_KEYWORD: Final = {"type": "keyword"}
_KEPT: Final = {"type": "keyword", "index": False, "doc_values": False}
_COLUMN: Final = {"type": "keyword", "index": False}
_SHARE: Final = (
    f"double norm = {1 - B} + {B} * doc.length * field.docCount / (double) field.sumTotalTermFreq;"
    " return query.boost * doc.freq / norm;"
)


def terms_of(name: str) -> str:
    """Return the name of the terms that belong to an index or alias of articles."""
    return f"{name}.terms"


def shards() -> int:
    """Return how many shards a new index gets, as SEARCHER_CLUSTER_SHARDS says, else 1; raises SearcherError."""
    given = os.environ.get(SHARDS, "1")
    if not given.isdecimal() or not 1 <= int(given) <= _MAX_SHARDS:
        text = _("{name} has to be a number from 1 to {most}, and is '{given}'.")
        raise SearcherError(text.format(name=SHARDS, most=_MAX_SHARDS, given=given))
    return int(given)


def articles_index() -> dict[str, Any]:
    """Return the settings and the mapping of an index of articles."""
    terms = {
        "type": "text",
        "analyzer": "terms",
        "similarity": "share",
        "index_options": "positions",
    }
    properties: dict[str, Any] = {
        "id": _KEYWORD,
        "url": _KEYWORD,
        "source": _KEYWORD,
        "author": _KEPT,
        "file": _KEYWORD,
        "fingerprint": _COLUMN,
        "published": {"type": "date"},
        "title": _KEPT,
        "lead": _KEPT,
        "body": _KEPT,
        "facts": _KEPT,
        "ordinal": {"type": "long"},
        "run": _KEYWORD,
        SIGNED: {"type": "binary", "doc_values": True},
        "sketch_0": {"type": "long", "index": False},
        "sketch_1": {"type": "long", "index": False},
        **dict.fromkeys((*LABEL_FIELDS, *LABELS), _KEYWORD),
        **{name: {"type": "long"} for name in NUMBER_FIELDS},
        **dict.fromkeys(TEXTS.values(), terms),
    }
    return {
        "settings": {
            "number_of_shards": shards(),
            "auto_expand_replicas": "0-1",
            # What was not committed is not to be seen: a commit refreshes.
            "refresh_interval": "-1",
            "codec": "best_compression",
            "similarity": {
                "share": {"type": "scripted", "script": {"source": _SHARE}, "discount_overlaps": False},
            },
            "analysis": {
                "tokenizer": {"positions": {"type": "whitespace", "max_token_length": _MAX_TOKEN}},
                "filter": {
                    "bars": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]},
                },
                "analyzer": {
                    "terms": {"type": "custom", "tokenizer": "positions", "filter": ["bars"]},
                    "folded": {"type": "custom", "tokenizer": "positions", "filter": ["bars", "asciifolding"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"searcher": {"format": FORMAT, "vectors": term_vectors().name}},
            "_source": {"excludes": [*TEXTS.values(), SIGNED, "sketch_0", "sketch_1"]},
            "properties": properties,
        },
    }


def terms_index() -> dict[str, Any]:
    """Return the settings and the mapping of an index of terms.

    - `t` is the term, `f` the term without marks.
    - `n` is in how many articles it is, in the field where most have it; `d` the same of bodies, or of titles where no
      body has it; `w` how often it is in all fields; `h` which of the fields have it, a bit each.
    """
    count = {"type": "long", "index": False}
    return {
        "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "-1"},
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "t": _KEYWORD,
                "f": _KEYWORD,
                "n": count,
                "d": count,
                "w": count,
                "h": count,
                "state": {"type": "object", "enabled": False},
            },
        },
    }
