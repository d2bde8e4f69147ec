"""The table of contents: one small JSON file that says which segments, with which deletions, are the index.

Replacing it is what a commit is. It is `{"checksum": CRC-32 of the rest, "contents": {...}}`, named `_MAIN_N.toc` with
the generation N; the highest N counts.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Final

import msgspec
from whoosh.fields import Schema
from whoosh.index import EmptyIndexError

from searcher.codec.damage import IndexDamaged
from searcher.codec.files import Disk
from searcher.codec.schemas import FieldData, SchemaData, make_schema, schema_data
from searcher.codec.segment import EXTENSION, PHRASES_EXTENSION, ArraySegment, SegmentEntry
from searcher.errors import IndexNotFound, IndexUnusable
from searcher.messages import _
from searcher.regular import open_regular

FORMAT: Final = "searcher index"
VERSION: Final = 3
_VERSION_DESCRIBED: Final = 4
"""Said where the schema has fields that are described, or names with patterns: what knows version 3 only refuses it."""
MAX_BYTES: Final = 64 * 1024 * 1024
MAX_SEGMENTS: Final = 1 << 14
_MAX_FIELDS_BYTES: Final = 1 << 20
_LAST_GENERATION: Final = 10**17
"""No commit gets there; one that stands there came from elsewhere, and would soon have no successor."""


class NoIndex(IndexNotFound, EmptyIndexError):
    """There is no index in a folder; Whoosh's own functions look for its own error."""


class _Contents(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    format: str
    version: int
    generation: int
    fields: msgspec.Raw
    segments: msgspec.Raw
    patterns: msgspec.Raw = msgspec.Raw(b"{}")


class _Version(msgspec.Struct):
    format: str
    version: int


class _File(msgspec.Struct):
    checksum: int
    contents: msgspec.Raw


class TableOfContents(msgspec.Struct):
    """The state of an index after a commit; whoever gets one may change its schema and its segments' deletions.

    `data` is what the schema was read from.
    """

    schema: Schema
    segments: list[ArraySegment]
    generation: int
    data: SchemaData = SchemaData({}, {})
    version: int = VERSION
    release: tuple[int, ...] = (VERSION,)


def toc_path(folder: Path, indexname: str, generation: int) -> Path:
    """Return where the table of contents of a generation lies."""
    return folder / f"_{indexname}_{generation}.toc"


def latest_generation(folder: Path, indexname: str) -> int:
    """Return the generation that counts, or -1 where the folder holds no index."""
    pattern = re.compile(rf"_{re.escape(indexname)}_(0|[1-9][0-9]{{0,17}})\.toc")
    try:
        names = [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return -1
    return max((int(match[1]) for name in names if (match := pattern.fullmatch(name))), default=-1)


def next_generation(folder: Path, indexname: str) -> int:
    """Return the generation that a commit makes now; raises IndexUnusable where no other can follow the last one."""
    latest = latest_generation(folder, indexname)
    if latest >= _LAST_GENERATION:
        text = _("'{file}' has a number after which there is none. Remove the file.")
        raise IndexUnusable(text.format(file=toc_path(folder, indexname, latest)))
    return latest + 1


def read_toc(folder: Path, indexname: str) -> TableOfContents:
    """Return the latest table of contents.

    Raises IndexNotFound; IndexUnusable where it is not ours or of another version; IndexDamaged; OSError.
    """
    while True:
        generation = latest_generation(folder, indexname)
        if generation < 0:
            raise NoIndex(
                _("There is no index in '{folder}'. Make one: searcher index PATH --index {folder}").format(
                    folder=folder
                )
            )
        try:
            return _read(toc_path(folder, indexname, generation), folder, indexname, generation)
        except FileNotFoundError:
            # A writer committed in between and removed it. If there is no newer one, it is a link that leads nowhere.
            if latest_generation(folder, indexname) == generation:
                raise


def _read(path: Path, folder: Path, indexname: str, generation: int) -> TableOfContents:
    with open_regular(path) as stream:
        raw = stream.read(MAX_BYTES + 1)
    foreign = _("The index in '{folder}' was not made by this version of searcher. Make it anew: --rebuild")
    if not raw.startswith(b'{"checksum":') or len(raw) > MAX_BYTES:
        raise IndexUnusable(foreign.format(folder=folder))
    try:
        file = msgspec.json.decode(raw, type=_File)
        if zlib.crc32(file.contents) != file.checksum:
            raise IndexDamaged(path.name, "checksum")
        said = msgspec.json.decode(file.contents, type=_Version)
        if said.format != FORMAT or said.version not in (VERSION, _VERSION_DESCRIBED):
            raise IndexUnusable(foreign.format(folder=folder))
        contents = msgspec.json.decode(file.contents, type=_Contents)
        if contents.generation != generation:
            raise IndexDamaged(path.name, "generation")
        data = SchemaData(_fields(contents.fields), _fields(contents.patterns))
        return TableOfContents(make_schema(data), _segments(contents.segments, indexname), generation, data=data)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, TypeError, OverflowError, RecursionError):
        raise IndexDamaged(path.name, "contents") from None


def _fields(raw: msgspec.Raw) -> dict[str, FieldData]:
    if len(bytes(raw)) > _MAX_FIELDS_BYTES:
        raise ValueError("too many fields")
    return msgspec.json.decode(raw, type=dict[str, FieldData])


def _segments(raw: msgspec.Raw, indexname: str) -> list[ArraySegment]:
    if bytes(raw).count(b"{") > MAX_SEGMENTS:  # before anything is made of them
        raise ValueError("too many segments")
    entries = msgspec.json.decode(raw, type=list[SegmentEntry])
    if len({entry.id for entry in entries}) < len(entries):
        raise ValueError("a segment is listed twice")
    return [ArraySegment.from_entry(entry, indexname) for entry in entries]


def write_toc(toc: TableOfContents, folder: Path, indexname: str, disk: Disk) -> None:
    """Make the table of contents the index's, in one step that is on the disk when this returns; raises OSError.

    Raises ValueError for a schema that can't be kept, or more segments than can be.
    """
    data = schema_data(toc.schema)
    fields, patterns = (msgspec.Raw(msgspec.json.encode(one)) for one in data)
    segments = msgspec.Raw(msgspec.json.encode([segment.entry() for segment in toc.segments]))
    version = VERSION if data.is_plain else _VERSION_DESCRIBED
    contents = msgspec.json.encode(_Contents(FORMAT, version, toc.generation, fields, segments, patterns))
    raw = msgspec.json.encode(_File(zlib.crc32(contents), msgspec.Raw(contents)))
    if len(toc.segments) > MAX_SEGMENTS or len(bytes(fields)) > _MAX_FIELDS_BYTES or len(raw) > MAX_BYTES:
        raise ValueError("too many segments or fields for one index; commit with merge")
    target = toc_path(folder, indexname, toc.generation)
    temporary = target.with_suffix(".tmp")
    disk.remove(temporary)
    disk.write(temporary, [raw])
    disk.sync_folder(folder)  # the segments' names are on the disk before a table of contents that lists them
    try:
        disk.rename(temporary, target)
    except BaseException:
        disk.remove(temporary)
        raise
    disk.sync_folder(folder)


def remove_leftovers(folder: Path, indexname: str, toc: TableOfContents, disk: Disk) -> None:
    """Remove what is not of this state: older tables of contents, segments that it doesn't list, unfinished files.

    What is kept beside a segment goes with it. Only files are touched whose names are those of an index's own. Readers
    that have them open go on reading.
    """
    name = re.escape(indexname)
    of_segments = "|".join(map(re.escape, (EXTENSION, PHRASES_EXTENSION)))
    ours = re.compile(rf"_{name}_[0-9]+\.(toc|tmp)|{name}_[0-9a-z]+({of_segments}|\.[0-9]+\.tmp)")
    segments = [segment.path(folder) for segment in toc.segments]
    phrases = [path.with_suffix(PHRASES_EXTENSION) for path in segments]
    kept = {toc_path(folder, indexname, toc.generation), *segments, *phrases}
    for path in folder.iterdir():
        if ours.fullmatch(path.name) and path not in kept:
            disk.remove(path)
