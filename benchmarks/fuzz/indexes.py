"""Crafted indexes: made from a sound one, with right checksums, so that only what the numbers mean can be wrong."""

from __future__ import annotations

import base64
import shutil
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq
from zstandard import ZstdError

import searcher
from benchmarks.common import SEEDS
from benchmarks.fuzz.trees import mutated
from searcher import codec
from searcher.codec.container import Container, Written, encode_container
from searcher.codec.stored import stored_arrays
from searcher.embedded.engine import EmbeddedIndex

TEXTS: Final = ("ma túy", "mại dâm ở Sơn La", '"công an"', "tra* -heroin", "duong day ma tuy", "")
_TYPED: Final = ("ma", "đường d", "son", "cong an ti", "")
_TYPES: Final = (np.uint8, np.uint16, np.uint32, np.uint64, np.int64)
_ALIGNMENT: Final = 64

Arrays = dict[str, NDArray[Any]]


class Find(Exception):
    """What an attempt found."""


class Crafted:
    """Makes indexes in `folder` of a sound one, an attempt at a time, and uses each in every way."""

    name = "index"

    def __init__(self, folder: Path) -> None:
        self._sound, self._folder = folder / "sound", folder / "crafted"
        half = sorted(path for path in SEEDS.iterdir() if path.is_file())
        for batch in (half[::2], half[1::2]):
            searcher.index_paths(self._sound, batch)
        with searcher.open_index(self._sound) as index:
            index.suggest("ma")
            self._ids = [hit.article.id for hit in index.search("", limit=8).hits]
        with codec.open_index(self._sound).writer() as writer:
            writer.delete_by_term("id", self._ids[-1])

    def attempt(self, random: Random) -> str:
        """Craft an index, and use it; returns what was changed. Raises Find, or what was not caught."""
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._sound, self._folder)
        said = "; ".join(_changed(self._folder, random) for _ in range(random.choice((1, 1, 1, 2, 3))))
        try:
            self._use(random)
        except searcher.SearcherError:
            raise
        except BaseException as error:
            error.add_note(said)
            raise
        return said

    def _use(self, random: Random) -> None:
        refused = [error for error in map(_error_of, self._uses()) if error is not None]
        try:
            problems = searcher.check_index(self._folder).problems
        except searcher.IndexUnusable:
            return
        if refused and not problems:
            raise Find(f"check calls it sound, and it is refused: {refused[0]}") from refused[0]
        if random.random() < 0.2:
            _error_of(self._write)

    def _uses(self) -> Iterator[Callable[[], object]]:
        try:
            index = searcher.open_index(self._folder)
        except searcher.IndexUnusable as error:
            yield lambda error=error: _raise(error)
            return
        with index:
            for text in TEXTS:
                yield lambda text=text: index.search(text, explain=True)
                yield lambda text=text: index.search(text, sort="oldest", topics=["ma-tuy"], since=date(2015, 1, 1))
            yield lambda: list(index.export("ma túy", snippets=True))
            for one in self._ids:
                yield lambda one=one: index.get(one)
            yield lambda: index.similar(self._ids[0])
            for text in _TYPED:
                yield lambda text=text: index.suggest(text)
            for by in ("year", "month", "province", "topic"):
                yield lambda by=by: index.trends("ma túy", by=by)
            yield index.stats
            yield from _whoosh_uses(index)

    def _write(self) -> None:
        searcher.index_paths(self._folder, [SEEDS], prune=True)
        codec.open_index(self._folder).optimize()
        with searcher.open_index(self._folder) as index:
            index.search("ma túy")


def _whoosh_uses(index: EmbeddedIndex) -> Iterator[Callable[[], object]]:
    with index.whoosh.searcher() as opened:
        reader = opened.reader()
        query = wq.Or([wq.Term("body", "an"), wq.Phrase("title", ["công", "an"]), wq.Prefix("body", "m")])
        yield lambda: opened.search(query, limit=None)
        yield lambda: list(reader)
        yield lambda: list(reader.all_stored_fields())
        yield lambda: list(reader.column_reader("published", translate=False))
        yield lambda: list(reader.column_reader("fingerprint"))


def _error_of(use: Callable[[], object]) -> searcher.SearcherError | None:
    """Return the error of an index that was refused; that an article is gone is an answer."""
    try:
        use()
    except searcher.ArticleNotFound:
        return None
    except searcher.SearcherError as error:
        return error
    return None


def _raise(error: Exception) -> None:
    raise error


def _changed(folder: Path, random: Random) -> str:
    change = random.choice(_CHANGES)
    try:
        return change(folder, random)
    except (searcher.SearcherError, msgspec.MsgspecError, LookupError, ValueError, TypeError, OSError, ZstdError):
        return "nothing, as what was changed before is in the way"


# What is changed


def _change_array(folder: Path, random: Random) -> str:
    path, parts, header = _segment(folder, random)
    name = random.choice(list(parts))
    how = _alter(parts, name, random)
    write_segment(folder, path, parts, header)
    return f"{name}: {how}"


def _change_header(folder: Path, random: Random) -> str:
    path, parts, header = _segment(folder, random)
    changed = mutated(msgspec.json.decode(header["segment"]), random)
    write_segment(folder, path, parts, {"segment": msgspec.json.encode(changed).decode()})
    return "the segment's header"


def _change_contents(folder: Path, random: Random) -> str:
    (path,) = folder.glob("*.toc")
    contents = mutated(msgspec.json.decode(path.read_bytes())["contents"], random)
    write_contents(path, contents)
    return "the table of contents"


def _change_stored(folder: Path, random: Random) -> str:
    path, parts, header = _segment(folder, random)
    documents = codec.SegmentArrays(path, written(path)).documents
    encoded = [documents.encoded(number) for number in range(len(documents))]
    at = random.randrange(len(encoded))
    match random.randrange(4):
        case 0:
            encoded[at] = encoded[at][: random.randrange(len(encoded[at]))]
        case 1:
            encoded[at] = random.choice(
                (b"\x80", b"\xdd\x05\xf5\xe1\x00" + b"\x80" * 2_000_000, b"\x91" * 100_000, b"")
            )
        case _:
            changed = mutated(msgspec.msgpack.decode(encoded[at]), random)
            encoded[at] = msgspec.msgpack.encode(_storable(changed))
    write_segment(folder, path, parts | stored_arrays(encoded), header)
    return f"stored document {at}"


def _storable(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _storable(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_storable(value) for value in tree]
    return tree if not isinstance(tree, int) or -(1 << 63) <= tree < 1 << 64 else str(tree)


def _change_phrases(folder: Path, random: Random) -> str:
    path = random.choice(sorted(folder.glob("*.phrases")))
    container = Container(path, written(path))
    parts = {name: container.part(name).all().copy() for name in container.names()}
    name = random.choice(list(parts))
    how = _alter(parts, name, random)
    pieces, _known = encode_container(parts, {"version": container.metadata["version"], "of": container.metadata["of"]})
    path.write_bytes(b"".join(pieces))
    return f"phrases, {name}: {how}"


def _change_bytes(folder: Path, random: Random) -> str:
    path = random.choice(sorted(path for path in folder.iterdir() if path.suffix in {".toc", ".seg", ".phrases"}))
    raw = bytearray(path.read_bytes())
    match random.randrange(3):
        case 0:
            raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
        case 1:
            del raw[random.randrange(len(raw)) :]
        case _:
            raw += random.randbytes(random.choice((1, 64, 5000)))
    path.write_bytes(raw)
    return f"bytes of {path.suffix}"


def _change_deletions(folder: Path, random: Random) -> str:
    (path,) = folder.glob("*.toc")
    contents = msgspec.json.decode(path.read_bytes())["contents"]
    entry = random.choice(contents["segments"])
    entry["deleted"] = base64.b64encode(
        random.randbytes((entry["doc_count"] + 7) // 8 + random.choice((-1, 0, 0, 0, 1)))
    ).decode()
    write_contents(path, contents)
    return "deletions"


_CHANGES: Final = (
    *(_change_array,) * 6,
    *(_change_header,) * 2,
    *(_change_contents,) * 2,
    *(_change_stored,) * 2,
    *(_change_phrases,) * 2,
    _change_bytes,
    _change_deletions,
)


def _alter(parts: Arrays, name: str, random: Random) -> str:
    array = parts[name]
    match random.randrange(9):
        case 0:
            parts[name] = array[: random.randrange(len(array) + 1)]
            return "cut short"
        case 1:
            parts[name] = np.concatenate((array, array[: random.choice((1, 7, len(array)))]))
            return "longer"
        case 2:
            parts[name] = array.astype(random.choice(_TYPES))
            return f"of {parts[name].dtype}"
        case 3:
            del parts[name]
            return "gone"
        case 4:
            parts[name] = parts[random.choice(list(parts))].copy()
            return "another's"
        case 5:
            parts[name] = array[::-1].copy()
            return "reversed"
    if not len(array):
        return "nothing"
    limits = np.iinfo(array.dtype)
    for _ in range(random.choice((1, 1, 1, 5, 100))):
        at = random.randrange(len(array))
        near = int(array[at]) + random.choice((-1, 1, 2))
        value = random.choice(
            (0, 1, near, near, limits.max, limits.max - 1, limits.min, len(array), random.getrandbits(16))
        )
        array[at] = min(max(value, limits.min), limits.max)
    return "other numbers"


def _segment(folder: Path, random: Random) -> tuple[Path, Arrays, dict[str, str]]:
    path = random.choice(sorted(folder.glob("*.seg")))
    container = Container(path, written(path))
    parts = {name: container.part(name).all().copy() for name in container.names()}
    return path, parts, {"segment": container.metadata["segment"]}


def written(path: Path) -> Written:
    """Return what a container on disk is known by."""
    raw = path.read_bytes()
    return Written(len(raw), zlib.crc32(raw[: 8 + int.from_bytes(raw[:8], "little")]))


def write_segment(folder: Path, path: Path, parts: Arrays, header: dict[str, str]) -> None:
    """Write the segment, and have the table of contents know it."""
    pieces, known = encode_container(parts, header)
    path.write_bytes(b"".join(pieces))
    (toc,) = folder.glob("*.toc")
    contents = msgspec.json.decode(toc.read_bytes())["contents"]
    try:
        for entry in contents["segments"]:
            if entry["id"] == path.stem.partition("_")[2]:
                entry["size"], entry["header_crc32"] = known.size, known.header_crc32
    except (TypeError, KeyError):  # an earlier change took them
        return
    write_contents(toc, contents)


def write_contents(path: Path, contents: object) -> None:
    """Write a table of contents with its checksum."""
    raw = msgspec.json.encode(contents)
    path.write_bytes(b'{"checksum":%d,"contents":%s}' % (zlib.crc32(raw), raw))
