"""Whatever can't be read gives one sentence with its place, and everything else is read."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard

from searcher.sources import Item, PassedOver, Rejected, read
from tests.sources.conftest import Run

GOOD = '{"id": "good", "title": "Bài tốt", "body": "Nội dung về phòng, chống ma túy."}'
NEXT = '{"id": "next", "title": "Bài sau", "body": "Nội dung về phòng, chống mại dâm."}'
LINES = b"".join(
    json.dumps({"id": str(number), "title": "Bài", "body": os.urandom(40).hex()}).encode() + b"\n"
    for number in range(2000)
)

# A line between two good ones: the rejection's code, and a part of its sentence.
BAD_LINES: dict[str, tuple[bytes, str, str]] = {
    "broken JSON": (b'{"id": "x", "title": "a', "json", "not valid JSON"),
    "no JSON at all": (b"Mot dong chu", "json", "not valid JSON"),
    "not UTF-8": (b'{"title": "m\xe1i d\xe2m"}', "json", "not valid JSON in UTF-8"),
    "a NUL byte": (b'{"title": "a\x00b"}', "json", "not valid JSON"),
    "an escaped NUL in the title": (b'{"title": "a\\u0000b"}', "nul", "'title' contains NUL"),
    "a truth value for a text": (b'{"title": true}', "no_text", "no title, lead or body"),
    "a list": (b"[1, 2]", "type", "not an object"),
    "null": (b"null", "type", "not an object"),
    "only null fields": (b'{"title": null, "lead": null, "body": null}', "no_text", "no title, lead or body"),
    "only blanks": (b'{"title": " ", "body": "\\n"}', "no_text", "no title, lead or body"),
    "deep nesting": (b'{"title": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json", "not valid JSON"),
    "deep nesting, never closed": (b'{"title": ' + b'{"a":' * 100_000, "json", "not valid JSON"),
    "an endless id": (b'{"title": "a", "id": "' + b"x" * 10_000 + b'"}', "id", "id is longer than 512"),
}


BAD_DATES = {
    "31 February": '"31/02/2020"',
    "a date in the future": '"2199-01-01"',
    "a date before all newspapers": '"0001-01-01"',
    "an impossible zone": '"2020-01-01T00:00:00+99:99"',
    "a date that overflows": '"9999-12-31T23:59:59-23:59"',
    "no date at all": '"hôm qua"',
    "a number for a date": "1581934800",
}


def rejections(path: Path) -> tuple[list[str], list[Rejected]]:
    found = list(read([path]))
    good = [one.article.id or one.article.title for one in found if isinstance(one, Item)]
    return good, [one for one in found if isinstance(one, Rejected)]


def one_sentence(text: str) -> bool:
    return text[:1].isupper() and text.endswith(".") and ". " not in text and "\n" not in text and len(text) < 200


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_rejected_with_its_number_and_its_neighbours_are_read(tmp_path: Path, name: str) -> None:
    line, code, part = BAD_LINES[name]
    path = tmp_path / "some.jsonl"
    path.write_bytes(GOOD.encode() + b"\n" + line + b"\n" + NEXT.encode() + b"\n")
    good, (rejected,) = rejections(path)
    assert good == ["good", "next"]
    assert (rejected.file, rejected.line, rejected.code) == (str(path), 2, code)
    assert part in rejected.reason
    assert one_sentence(rejected.reason)


@pytest.mark.parametrize("name", sorted(set(BAD_LINES) - {"no JSON at all", "a list", "null"}))
def test_a_bad_element_of_an_array_is_rejected_with_its_number(tmp_path: Path, name: str) -> None:
    line, _code, _part = BAD_LINES[name]
    path = tmp_path / "some.json"
    path.write_bytes(b"[" + GOOD.encode() + b",\n" + line + b",\n" + NEXT.encode() + b"]")
    good, (rejected,) = rejections(path)
    assert (good, rejected.line) in [(["good", "next"], 2), (["good"], 2)]  # what has no end takes the rest with it
    assert one_sentence(rejected.reason)


@pytest.mark.parametrize("name", BAD_DATES)
@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_an_article_whose_date_can_t_be_used_is_kept_without_it(tmp_path: Path, name: str, form: str) -> None:
    line = f'{{"id": "x", "title": "a", "published": {BAD_DATES[name]}}}'
    lines = [GOOD, line, NEXT]
    path = tmp_path / f"some.{form}"
    path.write_text("\n".join(lines) if form == "jsonl" else f"[{','.join(lines)}]", encoding="utf-8")
    found = [one for one in read([path]) if isinstance(one, Item)]
    assert [(one.article.id, one.article.published) for one in found] == [("good", None), ("x", None), ("next", None)]
    assert [bool(one.date_refusal) for one in found] == [False, True, False]
    refused = found[1].refused_date
    assert refused is not None
    assert (refused.file, refused.line, refused.code) == (str(path), 2, "date")
    assert f"{BAD_DATES[name].strip(chr(34))}' can't be used" in refused.reason


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt"])
def test_a_run_counts_and_lists_the_dates_that_can_t_be_used(tmp_path: Path, run: Run, name: str) -> None:
    contents = {
        "a.jsonl": '{"title": "Bài", "body": "có", "published": "31/02/2020"}\n',
        "a.csv": "Title,Body,Date\nBài,có,31/02/2020\n",
        "a.txt": "Bài\n\n31/02/2020 17:05\n\ncó\n",
    }
    path = tmp_path / name
    path.write_text(contents[name], encoding="utf-8")
    done = run("index", path, "-i", tmp_path / "index")
    assert done.returncode == 0
    assert "1 added, 0 updated, 0 unchanged, 0 removed, 0 rejected, 1 with a date that can't be used" in done.stdout
    assert "31/02/2020" in done.stderr
    assert "The article is kept without it." in done.stderr
    assert run("index", path, "-i", tmp_path / "index", "--strict").returncode == 1
    tagged = run("tag", path, "--json")
    assert (tagged.returncode, json.loads(tagged.stdout)["published"]) == (0, None)
    assert "The article is kept without it." in tagged.stderr


def _write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


# A file: what makes it, the rejection's code, and a part of its sentence.
BAD_FILES: dict[str, tuple[str, Callable[[Path], object], str, str]] = {
    "not UTF-8": ("a.txt", _write("Tựa\n\nĐoạn".encode() + b"\n\xe1\xe2\xff"), "encoding", "not UTF-8 (line 4)"),
    "half a UTF-16 file": ("a.txt", _write(b"\xff\xfeT\x00\x00\xd8a\x00"), "encoding", "begins as UTF-16"),
    "half a UTF-16 list": ("a.jsonl", _write(b"\xff\xfe{\x00\x00\xd8a\x00"), "encoding", "begins as UTF-16"),
    "empty": ("a.txt", _write(b""), "empty", "is empty"),
    "only blank lines": ("a.txt", _write(b"\n  \n\t\r\n"), "empty", "is empty"),
    "only a byte order mark": ("a.txt", _write(b"\xef\xbb\xbf"), "empty", "is empty"),
    "empty JSON Lines": ("a.jsonl", _write(b""), "empty", "is empty"),
    "empty JSON": ("a.json", _write(b""), "empty", "is empty"),
    "an empty array": ("a.json", _write(b"[]"), "empty", "no articles"),
    "broken JSON": ("a.json", _write(b'{"title": "a",'), "json", "not valid JSON"),
    "a NUL byte": ("a.txt", _write(b"Title\n\nLe\x00ad\n\nBody"), "nul", "NUL"),
    "a picture called .txt": ("a.txt", _write(b"\x89PNG\r\n\x1a\n\x00\x00"), "encoding", "not UTF-8 (line 1)"),
    "a title without text": ("a.txt", _write("Chỉ có tựa\n".encode()), "no_body", "no text under it"),
    "too large a text": ("a.txt", _write(b"a" * (16 * 1024 * 1024 + 1)), "too_large", "larger than 16 MB"),
    "a truncated .gz without a line": (
        "a.txt.gz",
        _write(gzip.compress(b"Title\n\nBody")[:-9]),
        "compression",
        "breaks",
    ),
    "a damaged .gz": ("a.txt.gz", _write(gzip.compress(LINES)[:99] + b"\x00" * 999), "compression", "damaged"),
    "no .gz at all": ("a.txt.gz", _write(b"Title\n\nBody"), "compression", "damaged"),
    "no .zst at all": ("a.txt.zst", _write(b"\x01\x02\x03"), "compression", "damaged"),
    "an empty .zst": ("a.txt.zst", _write(b""), "empty", "is empty"),
    "a link to nothing": ("a.txt", lambda path: path.symlink_to(path.with_name("gone")), "missing", "no such file"),
    "a link to itself": ("a.txt", lambda path: path.symlink_to(path), "io", "can't be read"),
    "a FIFO": ("a.txt", os.mkfifo, "not_a_file", "device or a pipe"),
}


@contextmanager
def without_rights() -> Iterator[Path]:
    """A folder, and for its time a user who, unlike root, has no right to everything."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)


def test_a_file_and_a_folder_without_permission_are_said_and_the_rest_is_read() -> None:
    with without_rights() as folder:
        (folder / "a.txt").write_text("Tựa\n\nĐoạn.\n", encoding="utf-8")
        (folder / "a.txt").chmod(0)
        (folder / "b.jsonl").write_text(GOOD, encoding="utf-8")
        (folder / "closed").mkdir(mode=0)
        good, rejected = rejections(folder)
        (folder / "closed").chmod(0o700)
    assert good == ["good"]
    assert {(one.file, one.code) for one in rejected} == {
        (str(folder / "a.txt"), "permission"),
        (str(folder / "closed"), "permission"),
    }
    assert all(one_sentence(one.reason) for one in rejected)


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gives_one_sentence(tmp_path: Path, name: str) -> None:
    file, make, code, part = BAD_FILES[name]
    path = tmp_path / file
    make(path)
    (rejected,) = read([path])
    assert isinstance(rejected, Rejected)
    assert (rejected.file, rejected.line, rejected.code) == (str(path), None, code)
    assert part in rejected.reason
    assert one_sentence(rejected.reason)


@pytest.mark.parametrize("cut", [1, 5, 1000])
@pytest.mark.parametrize("packed", ["gz", "zst"])
def test_a_truncated_file_gives_what_is_whole_and_says_that_it_breaks_off(
    tmp_path: Path, packed: str, cut: int
) -> None:
    whole = gzip.compress(LINES) if packed == "gz" else zstandard.ZstdCompressor(write_checksum=True).compress(LINES)
    path = tmp_path / f"a.jsonl.{packed}"
    path.write_bytes(whole[:-cut])
    good, (rejected,) = rejections(path)
    assert len(good) > 1000
    assert good == [str(number) for number in range(len(good))]
    assert (rejected.line, rejected.code) == (None, "compression")
    assert one_sentence(rejected.reason)


@pytest.mark.parametrize("cut", range(60))
def test_wherever_a_zst_breaks_off_it_is_said(tmp_path: Path, cut: int) -> None:
    whole = zstandard.ZstdCompressor().compress((GOOD + "\n").encode())
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(whole + whole[: min(cut, len(whole) - 1)])
    good, rejected = rejections(path)
    assert good == ["good"]
    assert len(rejected) == (cut > 0)


def test_frames_and_members_that_follow_each_other_are_all_read(tmp_path: Path) -> None:
    first, second = (GOOD + "\n").encode(), (NEXT + "\n").encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(first) + gzip.compress(second))
    zst = zstandard.ZstdCompressor()
    (tmp_path / "b.jsonl.zst").write_bytes(zst.compress(first) + zst.compress(second))
    assert rejections(tmp_path) == (["good", "next"] * 2, [])


def test_compressions_within_each_other_are_refused_beyond_four(tmp_path: Path) -> None:
    packed = (GOOD + "\n").encode()
    for _depth in range(4):
        packed = gzip.compress(packed)
    (tmp_path / "a.jsonl.gz").write_bytes(packed)
    assert rejections(tmp_path / "a.jsonl.gz") == (["good"], [])
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(packed))
    _good, (rejected,) = rejections(tmp_path / "a.jsonl.gz")
    assert rejected.code == "depth"


def test_a_folder_without_articles_and_a_path_that_is_none_are_said(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    first, second, *found = read([tmp_path, tmp_path / "gone", Path("/dev/null"), Path("a\x00b")])
    assert first == PassedOver(str(tmp_path / "picture.png"), ".png")
    assert second == PassedOver(str(tmp_path / "readme.txt"), "readme.txt")
    assert all(isinstance(one, Rejected) and one_sentence(one.reason) for one in found)
    assert [one.code for one in found if isinstance(one, Rejected)] == [
        "no_articles",
        "missing",
        "not_a_file",
        "missing",
    ]


def test_folders_linked_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.jsonl").write_text(GOOD, encoding="utf-8")
    (inner / "up").symlink_to(tmp_path)
    assert rejections(tmp_path) == (["good"], [])


def test_a_file_name_that_is_no_text_is_read_and_shown(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/b\xe0i.jsonl"
    Path(os.fsdecode(path)).write_text(GOOD + "\n{broken\n", encoding="utf-8")
    good, (rejected,) = rejections(tmp_path)
    assert good == ["good"]
    assert rejected.file.endswith("/b\N{REPLACEMENT CHARACTER}i.jsonl")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_marks_crlf_and_utf16_are_no_obstacle(tmp_path: Path, encoding: str, newline: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    text = newline.join(["Tựa đề", "", "17/02/2020 17:05", "", "Đoạn dẫn.", "", "Thân bài.", ""])
    (tmp_path / "a.txt").write_bytes(mark + text.encode(encoding))
    (tmp_path / "b.jsonl").write_bytes(mark + newline.join([GOOD, "", NEXT, ""]).encode(encoding))
    (tmp_path / "c.json").write_bytes(mark + newline.join(["[", GOOD, ",", NEXT, "]"]).encode(encoding))
    first, *rest = read([tmp_path])
    assert isinstance(first, Item)
    article = first.article
    assert (article.title, article.lead, article.body) == ("Tựa đề", "Đoạn dẫn.", "Thân bài.")
    assert article.published is not None
    found = [(one.article.id, one.line) if isinstance(one, Item) else one.reason for one in rest]
    assert found == [("good", 1), ("next", 3), ("good", 1), ("next", 2)]


def test_a_file_of_nothing_but_broken_lines_lists_a_part_and_counts_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("x\n" * 10_005 + GOOD, encoding="utf-8")
    good, rejected = rejections(path)
    assert good == ["good"]
    assert len(rejected) == 10_001
    assert rejected[-1].reason.startswith("5 more lines")


def test_indexing_a_folder_full_of_bad_files_indexes_the_rest_and_lists_each(tmp_path: Path, run: Run) -> None:
    articles = tmp_path / "articles"
    expected = []
    for number, (file, make, _code, part) in enumerate(BAD_FILES.values()):
        folder = articles / f"{number:02}"
        folder.mkdir(parents=True)
        make(folder / file)
        expected.append((f"{number:02}/{file}: ", part))
    lines = [GOOD.encode(), *(line for line, _code, _part in BAD_LINES.values()), NEXT.encode()]
    (articles / "lines.jsonl").write_bytes(b"\n".join(lines))
    done = run("index", articles, "-i", tmp_path / "index", COLUMNS="400")
    assert done.returncode == 0
    assert "2 added" in done.stdout
    assert f"{len(expected) + len(BAD_LINES)} rejected" in done.stdout
    assert "Traceback" not in done.stderr
    for place, part in expected:
        assert [line for line in done.stderr.splitlines() if place in line and part in line], (place, part)
    assert run("index", "--strict", articles, "-i", tmp_path / "index").returncode == 1


def test_two_articles_with_one_id_are_said_and_the_first_is_kept(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(GOOD + "\n" + GOOD.replace("Bài tốt", "Bài khác") + "\n" + GOOD + "\n", encoding="utf-8")
    done = run("index", path, "-i", tmp_path / "index")
    assert (done.returncode, "1 added" in done.stdout) == (0, True)
    assert f"{path}:2: Another article with the id 'good' was read before it." in done.stderr
    assert "Bài tốt" in run("show", "good", "-i", tmp_path / "index").stdout
    assert run("index", "--strict", path, "-i", tmp_path / "index").returncode == 1


def test_nothing_usable_is_exit_1_and_in_vietnamese_for_a_vietnamese(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    done = run("index", tmp_path / "a.txt", "-i", tmp_path / "index", SEARCHER_LANG="vi")
    assert done.returncode == 1
    assert "a.txt: Tệp rỗng." in done.stderr
