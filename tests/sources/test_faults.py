"""A fault of our own costs the document that it shows in: it is said, and everything else is read."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from searcher.sources import Item, Rejected, read
from searcher.sources import text as text_source
from tests.sources import made
from tests.sources.test_bad_input import one_sentence

GOOD = "Bài tốt\n\n17/02/2020\n\nĐoạn dẫn.\n\nThân bài.\n".encode()
BAD = "Bài xấu\n\nHỎNG\n".encode()
SCRIPT = """
import sys
from searcher.sources import text
from searcher.cli import run
class Fault(Exception): pass
def decode(raw):
    if "HỎNG".encode() in raw:
        raise Fault("a\\x1b[31m")
    return raw.decode()
text.decode = decode
raise SystemExit(run(sys.argv[1:]))
"""


@pytest.fixture(params=["folder", "zip", "tar", "warc", "warc.gz"])
def root(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A good text, a bad one, and another good one, in a folder or an archive."""
    names = ("a.txt", "b.txt", "c.txt")
    contents = (GOOD, BAD, GOOD.replace("tốt".encode(), b"sau"))
    if request.param == "folder":
        folder = tmp_path / "in"
        folder.mkdir()
        for name, content in zip(names, contents, strict=True):
            (folder / name).write_bytes(content)
        return folder
    path = tmp_path / f"a.{request.param}"
    if request.param.startswith("warc"):
        records = [
            (f"https://a.example.vn/{n}", "200 OK", c, "text/plain") for n, c in zip(names, contents, strict=True)
        ]
        path.write_bytes(made.warc(*records, packed=request.param.endswith("gz")))
    else:
        members = dict(zip(names, contents, strict=True))
        path.write_bytes(made.zipped(members) if request.param == "zip" else made.tarred(members))
    return path


@pytest.mark.parametrize("error", [ValueError, KeyError, RecursionError, MemoryError, OSError, EOFError])
def test_whatever_a_format_raises_costs_one_document(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    decode = text_source.decode

    def failing(raw: bytes) -> str:
        if "HỎNG".encode() in raw:
            raise error("never shown")
        return decode(raw)

    monkeypatch.setattr(text_source, "decode", failing)
    found = list(read([root]))
    assert [one.article.title for one in found if isinstance(one, Item)] == ["Bài tốt", "Bài sau"]
    (rejected,) = (one for one in found if isinstance(one, Rejected))
    assert rejected.file.endswith("b.txt")
    assert one_sentence(rejected.reason)
    if error in (ValueError, KeyError, RecursionError, EOFError):
        assert rejected.reason == f"Reading this failed by a fault of searcher's ({error.__name__}): please report it."


def test_the_trace_of_a_fault_is_shown_with_debug_and_commands_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(GOOD)
    (tmp_path / "b.txt").write_bytes(BAD)

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        arguments = [*options, "index", str(tmp_path), "-i", str(tmp_path / "index")]
        return subprocess.run(
            [sys.executable, "-c", SCRIPT, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "SEARCHER_LANG": "en"},
        )

    plain, debug = run(), run("--debug")
    assert (plain.returncode, debug.returncode) == (0, 0)
    assert "please report it" in plain.stderr
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debug.stderr
    assert "Fault: a[31m" in debug.stderr
    assert "\x1b" not in debug.stderr


def test_times_and_names_that_are_none_cost_nothing(tmp_path: Path) -> None:
    nameless = made.zipped({"Xa.txt": GOOD, "b.txt": GOOD.replace(b"17", b"18")})
    nameless = nameless.replace(b"Xa.txt", b"\x00a.txt")  # a name ends where a NUL stands
    files: dict[str, Callable[[], bytes]] = {
        "a.tar": lambda: made.tarred({"a.txt": GOOD}).replace(b"00000000000 ", b"77777777777 ", 1),
        "b.zip": lambda: nameless,
    }
    for name, make in files.items():
        (tmp_path / name).write_bytes(make())
        found = list(read([tmp_path / name]))
        assert [one for one in found if isinstance(one, Item)], found
        assert all(one_sentence(one.reason) for one in found if isinstance(one, Rejected))
    (tmp_path / "c.txt").write_bytes(GOOD)
    os.utime(tmp_path / "c.txt", (2**40, 2**40))
    (item,) = read([tmp_path / "c.txt"])
    assert isinstance(item, Item)


@pytest.mark.parametrize("sign", ["&#27;", "&#0;", "&#xFFFE;", "\\u0000", "\\uffff"])
def test_characters_that_no_tree_holds_are_taken_out_of_a_title(tmp_path: Path, sign: str) -> None:
    said = f"{made.TITLE}{sign} một"
    script = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{said}"}}</script>'
    for head in (f"<title>{said}</title>", script):
        (tmp_path / "a.html").write_text(f"<html><head>{head}</head><body><p>Tin</p><p>{made.BODY}</p>", "utf-8")
        (item,) = read([tmp_path / "a.html"])
        assert isinstance(item, Item)
        if "\\" not in sign or head is script:
            assert item.article.title.replace("\ufffd", "") == f"{made.TITLE} một"


# --- web archives ----------------------------------------------------------------------------------------------------


def pages(count: int) -> list[bytes]:
    """Web archives of one page each, compressed."""
    return [made.warc((f"https://a.example.vn/{n}", "200 OK", made.page(n), "text/html")) for n in range(count)]


def broken(member: bytes, how: str) -> bytes:
    middle = len(member) // 2
    if how == "noise":
        return member[:middle] + os.urandom(64) + member[middle + 64 :]
    if how == "gone":
        return member[:middle] + member[middle + 20 :]
    if how == "end":
        return member[:-4]
    return member[:middle] + bytes(5) + member[middle + 5 :] if how == "zeros" else b"\x00" * len(member)


@pytest.mark.parametrize("how", ["noise", "gone", "end", "zeros", "whole"])
def test_a_damaged_record_costs_itself_and_the_bytes_passed_over_are_said(tmp_path: Path, how: str) -> None:
    members = pages(9)
    members[4] = broken(members[4], how)
    (tmp_path / "a.warc.gz").write_bytes(b"".join(members))
    found = list(read([tmp_path / "a.warc.gz"]))
    assert [one.article.title[-1] for one in found if isinstance(one, Item)] == list("01235678")
    (rejected,) = (one for one in found if isinstance(one, Rejected))
    assert rejected.code == "warc"
    assert "bytes of it were passed over" in rejected.reason


def test_a_web_archive_that_breaks_off_gives_the_pages_before(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"".join(pages(3))[:-40])
    *found, last = read([tmp_path / "a.warc.gz"])
    assert [one.article.title[-1] for one in found if isinstance(one, Item)] == ["0", "1"]
    assert isinstance(last, Rejected)


def test_what_is_no_record_is_passed_over_in_an_archive_that_is_not_compressed(tmp_path: Path) -> None:
    records = [gzip.decompress(one) for one in pages(3)]
    records[1] = records[1].replace(b"WARC/1.0", b"WARX/1.0")
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    found = list(read([tmp_path / "a.warc"]))
    assert [one.article.title[-1] for one in found if isinstance(one, Item)] == ["0", "2"]
    assert [one.code for one in found if isinstance(one, Rejected)] == ["warc"]
