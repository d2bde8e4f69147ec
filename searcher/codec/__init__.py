"""codec/: segments of memory-mapped arrays below a Whoosh index."""

from searcher.codec.arrays import BytesColumn, Column, FieldArrays, LabelColumn, NumericColumn, SegmentArrays
from searcher.codec.codec import ArrayCodec
from searcher.codec.damage import IndexDamaged
from searcher.codec.descriptions import register
from searcher.codec.files import Disk
from searcher.codec.index import ArrayIndex, create, exists, open_index, open_or_create, replace
from searcher.codec.reader import ArrayReader
from searcher.codec.segment import ArraySegment

__all__ = [
    "ArrayCodec",
    "ArrayIndex",
    "ArrayReader",
    "ArraySegment",
    "BytesColumn",
    "Column",
    "Disk",
    "FieldArrays",
    "IndexDamaged",
    "LabelColumn",
    "NumericColumn",
    "SegmentArrays",
    "create",
    "exists",
    "open_index",
    "open_or_create",
    "register",
    "replace",
]
