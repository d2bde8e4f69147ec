"""Damaged files of every kind: whatever happened to their bytes, reading them raises nothing."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from searcher.sources import Rejected, read
from tests.sources import made
from tests.sources.test_bad_input import one_sentence
from tests.sources.test_formats import HEAD, PLAN, feed

FILES: dict[str, Callable[[], bytes]] = {
    "a.html": lambda: (made.PAGES / "07-cand.html").read_bytes(),
    "b.html": lambda: (made.PAGES / "22-asp1258.html").read_bytes(),
    "a.mhtml": lambda: (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        b"Content-Type: text/html\n\n" + made.page() + b"\n--b--\n"
    ),
    "a.rss": lambda: feed(
        "<title>Bài</title><pubDate>17/02/2020</pubDate><description>Đoạn dẫn.</description>"
    ).encode(),
    "a.csv": lambda: "Tiêu đề;Nội dung;Ngày\nMột;Hai;17/02/2020\n".encode() * 9,
    "a.xlsx": lambda: made.workbook(("Tin", [["Tiêu đề", "Nội dung"], ["Bài", made.BODY]])),
    "a.docx": lambda: made.document(*PLAN, head=HEAD),
    "a.pdf": lambda: made.pdf([*HEAD[1], *PLAN], list(PLAN)),
    "a.zip": lambda: made.zipped({"1.html": made.page(1), "2.html": made.page(2)}),
    "a.tar": lambda: made.tarred({"1.html": made.page(1), "2.html": made.page(2)}),
    "a.tar.gz": lambda: gzip.compress(made.tarred({"1.html": made.page(1), "2.html": made.page(2)})),
    "a.warc": lambda: made.warc(("https://a.example.vn/", "200 OK", made.page(), "text/html"), packed=False),
    "a.warc.gz": lambda: made.warc(("https://a.example.vn/", "200 OK", made.page(), "text/html")),
}
TIMES = 30


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The bytes with some overwritten, doubled or left out."""
    out = bytearray(raw)
    for _time in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(out)), chance.choice((1, 2, 16, 300))
        kind = chance.choice(("noise", "zeros", "twice", "gone", "end"))
        if kind == "end" and len(out) > 40:
            del out[max(20, at) :]
        elif kind == "gone" and len(out) > length + 20:
            del out[at : at + length]
        elif kind == "twice":
            out[at:at] = out[at : at + length]
        else:
            out[at : at + length] = chance.randbytes(length) if kind == "noise" else bytes(length)
    return bytes(out)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_gives_articles_or_sentences(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    raw = FILES[name]()
    for seed in range(TIMES):
        (tmp_path / name).write_bytes(damaged(raw, random.Random(seed)))
        found = list(read([tmp_path / name]))
        assert found, seed
        assert all(one_sentence(one.reason) for one in found if isinstance(one, Rejected)), (seed, found)
    assert capfd.readouterr() == ("", "")  # no library writes to the terminal
