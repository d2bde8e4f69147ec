"""Numbers as Vietnamese texts write them: "1.680,71", "hai mươi ba", "1,5 triệu", "2kg".

They are read from symbols, so what stood between two of them is lost: "3, 5 người" and "3,5 người" look the same. Who
counts what has no halves asks `Number.last`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_DIGITS: Final = re.compile(r"(\d{1,15})([^\W\d_]*)")
_MOST: Final = 50_000
_SCALES: Final = {
    "chục": 10.0,
    "trăm": 100.0,
    "nghìn": 1e3,
    "ngàn": 1e3,
    "vạn": 1e4,
    "triệu": 1e6,
    "tr": 1e6,
    "k": 1e3,
    "tỷ": 1e9,
    "tỉ": 1e9,
}
_WORDS: Final = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_HALF: Final = "nửa"
"""Half of what follows it: "nửa tấn", "nửa kg", "nửa triệu"; with nothing to halve it is no number."""
_HALVED: Final = frozenset(("tấn", "tạ", "kg", "ký", "cân", "kilogam", "triệu", "tỷ", "tỉ", "bánh"))
_AFTER_TENS: Final = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, **{word: n for word, n in _WORDS.items() if n < 10}}
_ORDINALS: Final = frozenset(
    [
        "ngày",
        "tháng",
        "năm",
        "quận",
        "phường",
        "số",
        "điều",
        "khoản",
        "tổ",
        "đội",
        "khu",
        "phòng",
        "thứ",
        "khóm",
        "lúc",
        "tuổi",
        "lớp",
        "tầng",
        "km",
        "khối",
    ]
)
"""Before a number these say which, not how many."""
_LAST_WORDS: Final = frozenset((*_WORDS, *_AFTER_TENS, *_SCALES, _HALF, "mươi", "rưỡi"))


class Number(NamedTuple):
    """A number at `symbols[start:end]`.

    - `last` is the part after a comma, or the value itself: what is counted in whole things.
    - `unit` is what is written together with it, as in "2kg"; "" if nothing is.
    - `large` says that a word for millions or more was in it, as hardly anything but money is told.
    """

    start: int
    end: int
    value: float
    last: float
    unit: str = ""
    large: bool = False

    def moved(self, by: int) -> Number:
        """Return the number as it stands so many symbols further on."""
        start, end, value, last, unit, large = self
        return Number(start + by, end + by, value, last, unit, large)


class _Piece(NamedTuple):
    digits: str
    unit: str


class _Pieces(dict[str, "_Piece | None"]):
    """What each symbol met so far is of a number; bounded, so that a hostile collection can't fill memory."""

    def __missing__(self, symbol: str) -> _Piece | None:
        found: _Piece | None = None
        if symbol in _WORDS or symbol == _HALF:
            found = _Piece("", "")
        elif symbol[:1].isdecimal() and symbol.isascii():
            match = _DIGITS.fullmatch(symbol)
            found = _Piece(match[1], match[2]) if match else None
        elif symbol[:1].isdecimal() and (match := _DIGITS.fullmatch(symbol)):
            found = _Piece(match[1], match[2])
        if len(self) >= _MOST:
            self.clear()
        self[symbol] = found
        return found


_pieces: Final = _Pieces()


def is_number(symbol: str) -> bool:
    """Return whether a symbol in lower case is a number, or may be part of one."""
    return _pieces[symbol] is not None


def may_end(symbol: str) -> bool:
    """Return whether a symbol in lower case may be the last of a number."""
    return symbol in _LAST_WORDS or symbol[:1].isdecimal()


def numbers(low: Sequence[str], at: Sequence[int] | None = None) -> list[Number]:
    """Return the numbers among lower-case symbols, in order; those that only name something ("quận 5") left out.

    `at` are the places of all symbols that are numbers (`is_number`), where they are known.
    """
    found: list[Number] = []
    free = 0
    for start in range(len(low)) if at is None else at:
        if start < free or (kind := _pieces[low[start]]) is None:
            continue
        number = _in_digits(low, kind, start) if kind.digits else _in_words(low, start)
        if number is None:
            continue
        free = number.end
        if start and low[start - 1] in _ORDINALS and not number.unit and not _is_term(low, start):
            # "ngày 12, 3 đối tượng": what is behind the comma is no part of the date.
            if number.last == number.value or number.end - start != 3:
                continue
            number = Number(start + 2, number.end, number.last, number.last)
        found.append(number)
    return found


def _is_term(low: Sequence[str], start: int) -> bool:
    """Return whether "năm" before this place is a unit itself: "7 năm 6 tháng"."""
    return low[start - 1] == "năm" and start > 1 and _pieces[low[start - 2]] is not None and low[start - 2] != "năm"


def _in_digits(low: Sequence[str], first: _Piece, start: int) -> Number:
    whole, fraction, unit, end = first.digits, "", first.unit, start + 1
    grouped = len(whole) <= 3
    while not unit and not fraction and end + 1 < len(low) and low[end] in (".", ","):
        piece = _pieces[low[end + 1]]
        if piece is None or not piece.digits:
            break
        if low[end] == "." and grouped and len(piece.digits) == 3:
            whole += piece.digits
        elif low[end] == "," or (len(piece.digits) <= 2 and _weighs(low, end + 2, piece)):
            fraction = piece.digits
        else:
            break
        unit, end = piece.unit, end + 2
    value = float(f"{whole}.{fraction}") if fraction else float(whole)
    last = float(fraction) if fraction else value
    return _scaled(low, Number(start, end, value, last, unit))


def _weighs(low: Sequence[str], place: int, piece: _Piece) -> bool:
    """Return whether a weight or a scale stands at this place: only then is a point one of decimals."""
    after = piece.unit or (low[place] if place < len(low) else "")
    return after in _SCALES or after in ("kg", "g", "gam", "gram", "tấn", "tạ", "kilogam", "ký")


def _scaled(low: Sequence[str], number: Number) -> Number:
    """Return the number with the words for hundreds up to billions that follow: "1 tỷ 200 triệu"."""
    start, end, value, last, unit, large = number
    if unit in _SCALES:
        glued = _SCALES[unit]
        return Number(start, end, value * glued, last * glued, "", glued >= 1e6)
    if unit:
        return number
    scales = 1.0
    while end < len(low) and (scale := _SCALES.get(low[end])) is not None:
        scales *= scale
        end += 1
    if scales == 1.0:
        return number
    value, large = value * scales, scales >= 1e6
    piece = _pieces[low[end]] if end + 1 < len(low) else None
    smaller = _SCALES.get(low[end + 1], scales) if piece is not None else scales
    if large and piece is not None and piece.digits and smaller < scales:
        value += float(piece.digits) * smaller
        end += 2
    if end < len(low) and low[end] == "rưỡi":
        value, end = value + scales / 2, end + 1
    return Number(start, end, value, value, "", large)


def _in_words(low: Sequence[str], start: int) -> Number | None:
    """Return the number that begins at a word, or None: "năm" alone is a year more often than five."""
    if low[start] == _HALF:
        halved = low[start + 1] if start + 1 < len(low) else ""
        if halved not in _HALVED:
            return None
        value = _SCALES.get(halved, 1.0) / 2
        return Number(start, start + 1 + (halved in _SCALES), value, value, "", value >= 1e5)
    value, end = float(_WORDS[low[start]]), start + 1
    following = low[end] if end < len(low) else ""
    if value == 10 and following in _AFTER_TENS and following != "năm":
        value, end = value + _AFTER_TENS[following], end + 1
    elif value < 10 and following in ("mươi", "chục"):
        value, end = value * 10, end + 1
        following = low[end] if end < len(low) else ""
        if low[end - 1] == "mươi" and following in _AFTER_TENS and following != "năm":
            value, end = value + _AFTER_TENS[following], end + 1
    elif value < 10 and following == "trăm":
        value, end = value * 100, end + 1
    scale = _SCALES.get(low[end], 0.0) if end < len(low) else 0.0
    if scale >= 1e3:
        value, end = value * scale, end + 1
        return Number(start, end, value, value, "", scale >= 1e6)
    if low[start] == "năm" and end == start + 1 and (end < len(low) and low[end][:1].isdecimal()):
        return None
    return Number(start, end, value, value)
