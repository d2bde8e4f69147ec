"""Invented documents, and the same documents in an index of ours and in one of Whoosh's own codec."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from whoosh.fields import DATETIME, ID, KEYWORD, NUMERIC, STORED, TEXT, Schema
from whoosh.filedb.filestore import RamStorage

from searcher import codec
from searcher.analysis.analyzer import VietnameseAnalyzer

TEXT_OF_WORDS = (
    "công an tỉnh sơn la bắt nhóm mại dâm ma tuý trên địa bàn huyện mộc châu người mua bán phụ nữ qua biên giới"
)
WORDS = TEXT_OF_WORDS.split()
PROVINCES = ("Sơn La", "Hà Nội", "Nghệ An", "Điện Biên")
TOPICS = ("mai-dam", "ma-tuy", "hiv-aids")


def schema() -> Schema:
    return Schema(
        id=ID(unique=True, stored=True),
        note=STORED,
        published=DATETIME(stored=True, sortable=True),
        year=NUMERIC(int, sortable=True),
        province=KEYWORD(commas=True, stored=True),
        topic=KEYWORD(commas=True),
        title=TEXT(analyzer=VietnameseAnalyzer(), stored=True),
        body=TEXT(analyzer=VietnameseAnalyzer(), stored=True),
    )


def document(number: int, random: Random) -> dict[str, Any]:
    published = datetime(2016, 1, 1) + timedelta(hours=random.randrange(40_000))
    made: dict[str, Any] = {
        "id": f"d{number}",
        "title": " ".join(random.choices(WORDS, k=random.randint(1, 8))),
        "body": " ".join(random.choices(WORDS, k=random.randint(0, 120))),
        "province": ",".join(random.sample(PROVINCES, random.randint(0, 2))),
        "topic": random.choice(TOPICS),
        "note": {"n": number},
    }
    if number % 7:
        made |= {"published": published, "year": published.year}
    return made


def documents(count: int, seed: int = 1) -> list[dict[str, Any]]:
    random = Random(seed)
    return [document(number, random) for number in range(count)]


def stock_index() -> Any:
    return RamStorage().create_index(schema())


def our_index(folder: Path) -> codec.ArrayIndex:
    return codec.create(folder, schema())


def fill(index: Any, *batches: list[dict[str, Any]]) -> None:
    """Commit each batch by itself, and merge nothing."""
    for batch in batches:
        writer = index.writer()
        for one in batch:
            writer.add_document(**one)
        writer.commit(merge=False)


def stored_ids(folder: Path) -> list[str]:
    """Return the ids of an index's documents, in order."""
    with codec.open_index(folder).reader() as reader:
        return [stored["id"] for stored in reader.all_stored_fields()]
