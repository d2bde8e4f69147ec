"""From a document, as an index in a folder has it, to what a cluster keeps of it, and back."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis import TermAnalyzer
from searcher.analysis.signature import BITS
from searcher.analysis.terms import TermBatch
from searcher.article import Article
from searcher.cluster.mapping import LABEL_FIELDS, SIGNED, TEXTS
from searcher.errors import IndexUnusable
from searcher.messages import _
from searcher.schema import TEXT_FIELDS, to_article
from searcher.semantics.articlevectors import ArticleEncoder, quantised, sketches

SIGNATURE_BYTES: Final = BITS // 8
_BAR: Final = "|"
_BROKEN_BAR: Final = "¦"
_LONGEST_ID: Final = 400


def key_of(article_id: str) -> str:
    """Return what the cluster knows an article by: its id, or a digest of one that is too long or odd for that."""
    encoded = article_id.encode("utf-8", "surrogatepass")
    if 0 < len(encoded) <= _LONGEST_ID and article_id[0] not in "#_":
        return article_id
    return "#" + hashlib.sha256(encoded).hexdigest()


def as_typed(term: str) -> str:
    """Return a term as the field of terms has it."""
    return term.replace(_BAR, _BROKEN_BAR)


class Preparing:
    """Makes documents for a cluster; keeps the analyzer and some 10 MB of term vectors."""

    def __init__(self) -> None:
        self.analyzer = TermAnalyzer()
        self._encoder = ArticleEncoder()

    def prepared(
        self, documents: Sequence[Mapping[str, Any]], run: str, first: int
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the documents (`searcher.schema.to_document`) as the cluster takes them, and the terms in them.

        `first` is the number of the first of them among all that were put.
        """
        count = len(documents)
        batch = self.analyzer.analyze_many(
            [str(document.get(name) or "") for name in TEXT_FIELDS for document in documents]
        )
        strings = _as_strings(batch, self.analyzer.terms)
        postings = {
            name: _Postings(batch, self.analyzer.terms, number * count, count)
            for number, name in enumerate(TEXT_FIELDS)
        }
        vectors = quantised(self._encoder.vectors(postings, count))
        halves = np.ascontiguousarray(sketches(vectors)).view(np.int64)
        made = []
        for number, document in enumerate(documents):
            kept = {name: value for name, value in document.items() if value not in (None, "", b"")}
            for name in LABEL_FIELDS:
                if name in kept:
                    kept[name] = kept[name].split(",")
            if isinstance(published := kept.get("published"), datetime):
                kept["published"] = f"{published.isoformat()}Z"
            kept["fingerprint"] = kept["fingerprint"].hex()
            kept[SIGNED] = b64encode(
                kept.pop("signature", b"").ljust(SIGNATURE_BYTES, b"\0") + vectors[number].tobytes()
            ).decode()
            kept["sketch_0"], kept["sketch_1"] = halves[number].tolist()
            kept["ordinal"], kept["run"] = first + number, run
            for place, name in enumerate(TEXT_FIELDS):
                kept[TEXTS[name]] = strings[place * count + number]
            made.append(kept)
        return made, [self.analyzer.terms[one] for one in np.unique(batch.term_ids).tolist()]


def from_source(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored fields of a document, as an index in a folder has them; raises IndexUnusable for others."""
    try:
        kept = {name: ",".join(value) if isinstance(value, list) else value for name, value in source.items()}
        if "published" in kept:
            kept["published"] = datetime.fromisoformat(kept["published"]).astimezone(UTC).replace(tzinfo=None)
    except (TypeError, ValueError):
        raise IndexUnusable(
            _("An article in the index is not stored as it should be. Make it anew: --rebuild")
        ) from None
    return kept


def article_of(source: Mapping[str, Any]) -> Article:
    """Return the article that a hit has; raises IndexUnusable for what is none."""
    return to_article(from_source(source))


def signed_parts(values: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """Return signatures, uint8[n, 16], and vectors, int8[n, dimensions], of what articles are signed with."""
    if not values:
        return np.zeros((0, SIGNATURE_BYTES), np.uint8), np.zeros((0, 0), np.int8)
    raw = [b64decode(f"{one}===") for one in values]  # the cluster leaves padding out
    width = max(map(len, raw))
    rows = np.frombuffer(b"".join(one.ljust(width, b"\0") for one in raw), np.uint8).reshape(len(raw), width)
    return rows[:, :SIGNATURE_BYTES].copy(), rows[:, SIGNATURE_BYTES:].view(np.int8)


def _as_strings(batch: TermBatch, terms: Sequence[str]) -> list[str]:
    typed = [as_typed(terms[one]) for one in batch.term_ids.tolist()]
    new_position = np.ones(len(typed), dtype=np.bool_)
    new_position[1:] = batch.positions[1:] != batch.positions[:-1]
    found = []
    signs = np.where(new_position, " ", _BAR).tolist()
    for start, end in zip(batch.offsets[:-1].tolist(), batch.offsets[1:].tolist(), strict=True):
        pieces = [""] * (2 * (end - start))
        pieces[::2] = signs[start:end]
        pieces[1::2] = typed[start:end]
        found.append("".join(pieces[1:]))
    return found


class _Postings:
    """The postings of one text field of some documents, as vectors are made of them."""

    def __init__(self, batch: TermBatch, terms: Sequence[str], first: int, count: int) -> None:
        offsets = batch.offsets[first : first + count + 1]
        ids = batch.term_ids[offsets[0] : offsets[-1]].astype(np.int64)
        docs = np.repeat(np.arange(count), np.diff(offsets))
        keys, freqs = np.unique(ids * max(count, 1) + docs, return_counts=True)
        of_term = keys // max(count, 1)
        heads = np.flatnonzero(np.concatenate(([True], of_term[1:] != of_term[:-1]))) if len(keys) else keys
        self.terms = [terms[one].encode("utf-8", "surrogatepass") for one in of_term[heads].tolist()]
        self.offsets = np.append(heads, len(keys)).astype(np.int64)
        self.doc_ids = (keys % max(count, 1)).astype(np.uint16)
        self.freqs = freqs
