"""Values as bytes and back, as they were: what stored fields, columns and term vectors hold.

They are MessagePack. What it has no type for is an extension: of text as ISO 8601 or as Python writes it, or of values.
Nothing but these types is made when they are read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

MAX_VALUES: Final = 250_000
"""Values that what is encoded in more than `_UNCOUNTED` bytes may have: each takes more memory than it takes bytes."""
_UNCOUNTED: Final = 1_000_000
_MAX_DEPTH: Final = 100
_MAX_DIGITS: Final = 4000

_PLAIN: Final = (str, float, bool, bytes, type(None))
_NAIVE, _AWARE, _DATE, _TIME, _DURATION, _DECIMAL, _LARGE, _UUID, _COMPLEX = 1, 10, 6, 7, 8, 5, 9, 11, 12
_TUPLE, _SET, _FROZENSET, _PAIRS = 2, 3, 4, 13
_OF_VALUES: Final = frozenset((_TUPLE, _SET, _FROZENSET, _PAIRS))

# What follows a value's first byte (https://github.com/msgpack/msgpack/blob/master/spec.md): of strings and bytes a
# length of so many bytes, and as many as that says; of extensions the same and a code; of others so many bytes.
_SIZED: Final = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
_EXTENSIONS: Final = {0xC7: 1, 0xC8: 2, 0xC9: 4}
_SMALL_EXTENSIONS: Final = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_WIDTHS: Final = {
    0xCA: 4,
    0xCB: 8,
    0xCC: 1,
    0xCD: 2,
    0xCE: 4,
    0xCF: 8,
    0xD0: 1,
    0xD1: 2,
    0xD2: 4,
    0xD3: 8,
    0xDC: 2,
    0xDD: 4,
    0xDE: 2,
    0xDF: 4,
}


def encode_value(value: Any) -> bytes:
    """Return a value as bytes; raises ValueError for one of a type that would not come back, or too large a one."""
    try:
        encoded = msgspec.msgpack.encode(_encodable(value, 0))
    except (OverflowError, UnicodeEncodeError, RecursionError, TypeError) as error:
        raise ValueError(f"a value can't be stored: {error}") from None
    if not is_modest(encoded):
        raise ValueError(f"more than {MAX_VALUES:,} values can't be stored in one document")
    return encoded


def decode_value(encoded: bytes) -> Any:
    """Return the value that was encoded; raises ValueError for bytes that are none."""
    if not is_modest(encoded):
        raise ValueError("too many values")
    try:
        return _decoder.decode(encoded)
    except (msgspec.DecodeError, ArithmeticError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _encodable(value: Any, depth: int) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, int):
        return value if -(1 << 63) <= value < 1 << 64 else _text(_LARGE, hex(value))
    if depth > _MAX_DEPTH:
        raise ValueError("values are too deep in each other to be stored")
    if (encode := _ENCODERS.get(type(value))) is not None:
        return encode(value)
    if isinstance(value, datetime):
        return _text(_NAIVE if value.tzinfo is None else _AWARE, value.isoformat())
    if isinstance(value, list):
        return [_encodable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: _encodable(item, depth + 1) for key, item in value.items()}
        return _values(_PAIRS, [item for pair in value.items() for item in pair], depth)
    for kind, code in ((tuple, _TUPLE), (set, _SET), (frozenset, _FROZENSET)):
        if isinstance(value, kind):
            return _values(code, list(value), depth)
    raise ValueError(f"{type(value).__name__} can't be stored; convert it to a string or number first")


def _text(code: int, text: str) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, text.encode("ascii"))


def _values(code: int, items: list[Any], depth: int) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, msgspec.msgpack.encode([_encodable(item, depth + 1) for item in items]))


_ENCODERS: Final[dict[type, Callable[[Any], msgspec.msgpack.Ext]]] = {
    date: lambda value: _text(_DATE, value.isoformat()),
    time: lambda value: _text(_TIME, value.isoformat()),
    timedelta: lambda value: _text(_DURATION, f"{value.days} {value.seconds} {value.microseconds}"),
    Decimal: lambda value: _text(_DECIMAL, str(value)),
    UUID: lambda value: _text(_UUID, value.hex),
    complex: lambda value: _text(_COMPLEX, f"{value.real!r} {value.imag!r}"),
}
_READERS: Final[dict[int, Callable[[str], Any]]] = {
    _NAIVE: datetime.fromisoformat,
    _AWARE: datetime.fromisoformat,
    _DATE: date.fromisoformat,
    _TIME: time.fromisoformat,
    _DURATION: lambda text: timedelta(*map(int, text.split(" "))),
    _DECIMAL: Decimal,
    _LARGE: lambda text: int(text, 16),
    _UUID: lambda text: UUID(hex=text),
    _COMPLEX: lambda text: complex(*map(float, text.split(" "))),
}


def _extension(code: int, data: memoryview) -> Any:
    if code in _OF_VALUES:
        items = _decoder.decode(data)
        if not isinstance(items, list):
            raise ValueError("an extension of values without any")
        match code:
            case 2:
                return tuple(items)
            case 3:
                return set(items)
            case 4:
                return frozenset(items)
            case _:
                return dict(zip(items[::2], items[1::2], strict=True))
    if code not in _READERS or len(data) > _MAX_DIGITS:
        raise ValueError("unknown extension")
    return _READERS[code](bytes(data).decode("ascii"))


_decoder: Final = msgspec.msgpack.Decoder(ext_hook=_extension)


def is_modest(encoded: bytes) -> bool:
    """Return whether decoding makes few values, of many bytes at most `MAX_VALUES`; of what is malformed either."""
    if len(encoded) <= _UNCOUNTED:
        return True
    at = 0
    for _value in range(MAX_VALUES):
        if at >= len(encoded):
            return True
        first = encoded[at]
        at += 1
        if 0xA0 <= first < 0xC0:
            at += first - 0xA0
        elif (width := _SIZED.get(first)) is not None:
            at += width + int.from_bytes(encoded[at : at + width], "big")
        elif first in _EXTENSIONS or first in _SMALL_EXTENSIONS:
            width = _EXTENSIONS.get(first, 0)
            size = _SMALL_EXTENSIONS.get(first) or int.from_bytes(encoded[at : at + width], "big")
            code = encoded[at + width : at + width + 1]
            at += width + 1
            if not code or code[0] not in _OF_VALUES:  # else the values in it are counted like all others
                at += size
        else:
            at += _WIDTHS.get(first, 0)
    return False
