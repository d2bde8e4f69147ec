"""A byte that is not what was written is found: check names the part, and who reads it gets an error."""

import json
import pickle
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as wq

import searcher
from searcher import codec
from searcher.codec import IndexDamaged
from searcher.codec.checking import check
from tests.codec.samples import documents, fill, our_index

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    index = our_index(folder)
    fill(index, documents(300))
    writer = index.writer()
    writer.delete_by_term("id", "d7")
    writer.commit(merge=False)
    return folder


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "copy"
    shutil.copytree(folder, copied)
    return copied


def layout(path: Path) -> dict[str, tuple[int, int]]:
    """Return where in a segment's file each part lies, read as anyone would who knows the format."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    places = {name: entry["data_offsets"] for name, entry in header.items() if name != "__metadata__"}
    return {"header": (0, 8 + length)} | {
        name: (8 + length + start, 8 + length + stop) for name, (start, stop) in places.items() if stop > start
    }


def flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 0x10
    path.write_bytes(raw)


def segment_file(folder: Path) -> Path:
    return max(folder.glob("*.seg"), key=lambda path: path.stat().st_size)


def everything(folder: Path) -> Any:
    """Read all there is: terms with their statistics, positions, columns, stored fields, scores."""
    index = codec.open_index(folder)
    with index.searcher() as opened:
        reader = opened.reader()
        found: list[Any] = [(term, info.weight(), info.max_weight(), info.min_length()) for term, info in reader]
        for name in ("title", "body"):
            for term in reader.lexicon(name):
                found += reader.postings(name, term).items_as("positions")
        found.append([dict(one) for one in reader.all_stored_fields()])
        found.append([list(reader.column_reader(name, translate=False)) for name in ("published", "year")])
        results = opened.search(wq.Or([wq.Term("body", "an"), wq.Phrase("title", ["công", "an"])]), limit=None)
        found.append([(hit["id"], hit.score) for hit in results])
        arrays = [leaf.arrays for leaf, _offset in reader.leaf_readers()]
        for one in arrays:
            found.append([one.field(name).folded_order.tolist() for name in ("title", "body")])
            found.append([one.column(name).ordinals.tolist() for name in ("province", "topic")])
        return found


def test_a_sound_index_has_no_problems(folder: Path) -> None:
    report = check(folder)
    assert report.problems == []
    assert report.documents == 299
    assert report.parts > 40


def test_a_flipped_byte_in_any_part_is_named_and_never_read_as_if_it_were_right(folder: Path, copy: Path) -> None:
    path = segment_file(copy)
    sound = path.read_bytes()
    expected = everything(folder)
    for part, (start, stop) in layout(path).items():
        flip(path, (start + stop) // 2)
        named = [(problem.file, problem.part) for problem in check(copy).problems]
        assert (path.name, part) in named, part
        try:
            assert everything(copy) == expected, part
        except IndexDamaged as damage:
            assert damage.part == part
        path.write_bytes(sound)


@pytest.mark.parametrize("keep", [0, 100, -1])
def test_a_file_cut_short_is_an_error(copy: Path, keep: int) -> None:
    path = segment_file(copy)
    path.write_bytes(path.read_bytes()[:keep])
    assert [(one.file, one.part) for one in check(copy).problems] == [(path.name, "size")]
    with pytest.raises(IndexDamaged):
        everything(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    path = segment_file(copy)
    path.unlink()
    assert [(one.file, one.part) for one in check(copy).problems] == [(path.name, "file")]


def test_a_damaged_table_of_contents_is_named(copy: Path) -> None:
    (toc,) = copy.glob("*.toc")
    flip(toc, toc.stat().st_size // 2)
    (problem,) = check(copy).problems
    assert problem.file == toc.name


def test_parts_that_do_not_fit_each_other_are_found_though_their_checksums_are_right(tmp_path: Path) -> None:
    index = our_index(tmp_path)
    fill(index, documents(50))
    (segment,) = index._segments()
    arrays = segment.open(tmp_path)
    parts = {name: arrays.container.part(name).all().copy() for name in arrays.container.names()}
    parts["body.terms"][[0, 1]] = parts["body.terms"][[1, 0]]
    parts["province.labels"][0] = 200
    parts["stored"][10] ^= 1
    pieces, written = codec.container.encode_container(parts, {"segment": arrays.container.metadata["segment"]})
    segment.path(tmp_path).write_bytes(b"".join(pieces))
    segment.written = written
    toc = index._read_toc()
    toc.segments, toc.generation = [segment], toc.generation + 1
    codec.toc.write_toc(toc, tmp_path, "MAIN", codec.Disk())
    named = {problem.part for problem in check(tmp_path).problems}
    assert {"body.terms", "province.labels"} <= named
    assert named & {"stored", "stored.sizes"}


def test_nothing_in_the_folder_is_unpickled(copy: Path, tmp_path: Path) -> None:
    mark = tmp_path / "executed"

    class Bomb:
        def __reduce__(self) -> Any:
            return (Path.touch, (mark,))

    bomb = pickle.dumps(Bomb())
    pickle.loads(bomb)  # noqa: S301 - it works where it is let
    assert mark.exists()
    mark.unlink()
    (copy / "_MAIN_999.toc").write_bytes(bomb)
    for path in (segment_file(copy), copy / "MAIN_WRITELOCK", copy / "MAIN_x.seg", copy / "schema.pickle"):
        path.write_bytes(bomb)
    for attempt in (codec.open_index, searcher.open_index, check, lambda folder: searcher.index_paths(folder, [])):
        with pytest.raises(searcher.IndexUnusable):
            attempt(copy)
    (copy / "_MAIN_999.toc").unlink()
    with pytest.raises(IndexDamaged):
        everything(copy)
    assert check(copy).problems
    assert not mark.exists()


def test_another_version_is_said_to_be_one(copy: Path) -> None:
    (toc,) = copy.glob("*.toc")
    toc.write_bytes(toc.read_bytes().replace(b'"version":3', b'"version":7'))
    with pytest.raises(searcher.IndexUnusable):
        codec.open_index(copy)
