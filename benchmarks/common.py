"""Reads the corpus of real articles that benchmarks and tests measure on."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import zstandard

SEEDS: Final = Path(__file__).parents[1] / "seeds"
CORPUS: Final = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "news50k.jsonl.zst"
"""Where the corpus lies beside a checkout; it is third-party text and no part of the project."""


def records(path: Path = CORPUS, limit: int | None = None) -> Iterator[dict[str, str]]:
    """Yield the articles (id, title, lead, body) of a zstandard-compressed JSONL file, at most `limit` of them."""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as raw:
        for number, line in enumerate(io.TextIOWrapper(raw, encoding="utf-8")):
            if number == limit:
                return
            yield json.loads(line)


def full_text(record: dict[str, str]) -> str:
    """Return title, lead and body, parted by line breaks."""
    return "\n".join((record["title"], record["lead"], record["body"]))
