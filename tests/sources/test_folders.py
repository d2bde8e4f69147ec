"""What lies in a folder or an archive is known by its content, and what is not read is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.sources import Item, PassedOver, Rejected, read
from searcher.sources.names import kind
from tests.sources import made
from tests.sources.conftest import Run
from tests.sources.test_hostile_files import office

PAGES = ("tin.php?id=5", "tin.aspx?ItemID=77&l=vi", "bai.html.1", "bai.epi", "index", "tin.html?utm=1")
OTHERS = {
    "anh.jpg": b"\xff\xd8\xff",
    "sach.rar": b"Rar!\x1a\x07\x00",
    "nen.7z": b"7z\xbc\xaf\x27\x1c",
    "ghi-chu": "Một tệp không có đuôi tên.".encode(),
    "trinh-chieu.pptx": office(kind="ppt/presentation.xml"),
    "chuong-trinh.xyz": made.zipped({"a.png": b"x"}),
    "goi.lock": b'{"name": 1}',
    "trong.xyz": b"",
    "readme.txt": b"x",
}


@pytest.fixture(params=["folder", "zip", "tar"])
def root(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    members = {name: made.page(number) for number, name in enumerate(PAGES)} | OTHERS
    if request.param == "folder":
        for name, content in members.items():
            (tmp_path / name).write_bytes(content)
        return tmp_path
    path = tmp_path / f"a.{request.param}"
    path.write_bytes(made.zipped(members) if request.param == "zip" else made.tarred(members))
    return path


def test_pages_are_known_whatever_their_names_are_and_other_kinds_are_passed_over(root: Path) -> None:
    found = list(read([root]))
    assert sorted(Path(one.file).name for one in found if isinstance(one, Item)) == sorted(PAGES)
    assert [one for one in found if isinstance(one, Rejected)] == []
    passed_over = {Path(one.file).name: one.kind for one in found if isinstance(one, PassedOver)}
    assert passed_over == {name: kind(name) for name in OTHERS}


def test_a_file_that_the_user_names_is_rejected_where_it_is_of_another_kind(tmp_path: Path) -> None:
    for name in set(OTHERS) - {"readme.txt"}:
        (tmp_path / name).write_bytes(OTHERS[name])
        (rejected,) = (one for one in read([tmp_path / name]) if isinstance(one, Rejected))
        assert rejected.file == str(tmp_path / name)


def test_what_was_passed_over_is_counted_by_kind_and_strict_lists_it(tmp_path: Path, run: Run) -> None:
    for name in ("a.rar", "b.rar", "c.7z", "d"):
        (tmp_path / name).write_bytes(b"\x01\x02")
    (tmp_path / "tin.php?id=5").write_bytes(made.page())
    done = run("index", tmp_path, "-i", tmp_path / "index")
    assert done.returncode == 0
    assert "4 files of other kinds passed over: .rar 2, without an ending 1, .7z 1" in done.stdout
    assert "1 added" in done.stdout
    assert "a.rar" not in done.stderr
    strict = run("index", tmp_path, "-i", tmp_path / "index", "--strict")
    assert strict.returncode == 1
    assert all(str(tmp_path / name) in strict.stderr for name in ("a.rar", "b.rar", "c.7z", "d"))


def test_strict_does_not_mind_what_has_no_text(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "tin.html").write_bytes(made.page())
    done = run("index", folder, "-i", tmp_path / "index", "--strict")
    assert done.returncode == 0
    assert "1 file of another kind passed over: .jpg 1" in done.stdout
