"""Records what pyvi makes of much text, as it takes half a minute for what takes us a second.

    python -m tools.pyvi_record

tests/analysis/pyvi-record.json gets the SHA-256 of pyvi's own output, of the first 5,000 articles of the corpus in
blocks of 250, and of a megabyte of hard text. Tests compare ours with it, and say when it is of another pyvi.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.common import full_text, records

RECORD: Final = Path(__file__).parents[1] / "tests" / "analysis" / "pyvi-record.json"
ARTICLES: Final = 5000
BLOCK: Final = 250
_WORDS: Final = (
    "trường đại học bách khoa Hà Nội công an tỉnh Sơn La mại dâm ma tuý túy hoà hòa ủy ban nhân dân TP.HCM TP. Tp. "
    "Mr. Mrs. Ms. Dr. ThS. Đ. ==> -> ... >> .... ) ( \" ' “ ” – - _ __ _a a_ a_b 1.000 1,5 1_2 1.2.3,4_5 12 ² ½ ٣ "
    "http://a.vn/b?c=1, ftp://x a@b.vn a.b+c@d-e.f.gh, @ @a a@ a@b .@.. HIV/AIDS 300kg PC04 F0 ǅ ß İ ΑΣ Σ ﬁ \u0301 "
    "e\u0301 \u200b \u00a0 \u2028 \x1c \x00 a\x00b http://a\x00b \ufeff 😀 👨‍👩‍👧 中文 ไทย हिन्दी ا \t \n \r\n "
    "người dân học sinh tổ chức vô địch"
)
WORDS: Final = _WORDS.split(" ")
"""Words, names, numbers and signs that are hard to part."""


def megabyte() -> str:
    """Return over a million characters of these words, addresses of many parts, and what pyvi is unsure of."""
    address = "https://example.vn/" + "trường-đoàn/" * 40
    return (" ".join(WORDS) + " Những trường nghiêng chuyển nhượng thường khuếch trương. " + (address + " ") * 2) * 750


def corpus_blocks() -> Iterator[list[str]]:
    """Yield the texts of the articles, a block at a time."""
    texts = map(full_text, records(limit=ARTICLES))
    while block := list(islice(texts, BLOCK)):
        yield block


def fingerprint(segmented: Iterable[str]) -> str:
    """Return what tells these texts from all others."""
    found = hashlib.sha256()
    for text in segmented:
        found.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return found.hexdigest()


def main() -> None:
    """Have pyvi segment all of it, and write what it gave."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi.ViTokenizer import ViTokenizer
    tokenize = ViTokenizer.tokenize
    record = {
        "pyvi": version("pyvi"),
        "megabyte": fingerprint([tokenize(megabyte())]),
        "corpus": [fingerprint(map(tokenize, block)) for block in corpus_blocks()],
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
