"""What stands in an article's page and is not its text: buttons, links and captions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, Final

_CREDIT_CHARS: Final = 60


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("furniture.toml").read_text("utf-8"))


@cache
def _buttons() -> frozenset[str]:
    return frozenset(_data()["lines"])


def _any_of(name: str) -> str:
    return "|".join(map(re.escape, sorted(_data()[name], key=len, reverse=True)))


@cache
def _credit() -> Callable[[str], re.Match[str] | None]:
    credit = rf"(?:{_any_of('caption_credits')})\s*:[^:]{{0,{_CREDIT_CHARS}}}"
    return re.compile(
        rf"(?:{_any_of('captions')})"
        rf"|(?:.*[.!?(\[|–-]\s*)?{credit}$"
        rf"|.*\s{credit}(?<!\w\w\.)$",  # 'công bố hình ảnh: người này lên xe.' is a sentence
    ).match


@cache
def _subject() -> Callable[[str], re.Match[str] | None]:
    return re.compile(rf"(?:{_any_of('caption_subjects')})\b.*[^.!?:;,]$").match


def is_credited(line: str) -> bool:
    """Whether a line says of itself that it is about a picture.

    >>> is_credited("Tang vật vụ án. Ảnh: CTV"), is_credited("Tang vật thu giữ: 05 bánh heroin")
    (True, False)
    """
    return len(line) <= _data()["caption_chars"] and _credit()(line.lower()) is not None


def is_caption(line: str) -> bool:
    """Whether a line that stands beside a picture is about it.

    >>> is_caption("Tang vật vụ án"), is_caption("Tang vật gồm 2 bánh heroin.")
    (True, False)
    """
    return is_credited(line) or (len(line) <= _data()["caption_chars"] and _subject()(line.lower()) is not None)


def is_furniture(line: str) -> bool:
    """Whether a line is a button or a heading of the page."""
    return line.lower().rstrip(" .:!»>") in _buttons()


@cache
def _author() -> Callable[[str], re.Match[str] | None]:
    def any_of(name: str) -> str:
        return "|".join(map(re.escape, sorted(_data()[name], key=len, reverse=True)))

    said = rf"(?i:(?:{any_of('author_labels')})\s*:|(?:{any_of('author_prefixes')})\b)[^.!?]{{0,50}}"
    name = r"(?:[A-ZĐÀ-Ỵ][\w.']*|[-–,&]|và)"
    return re.compile(rf"\(?(?:{said}|(?:{name}\s*){{1,8}})\)?$").match


def is_author_line(line: str) -> bool:
    """Whether a line at the end of a text says who wrote it.

    >>> is_author_line("Nguyễn Văn A - Trần Thị B"), is_author_line("(Theo báo tỉnh)"), is_author_line("Công an xử lý.")
    (True, True, False)
    """
    return len(line) <= _data()["author_chars"] and _author()(line) is not None


@cache
def _author_label() -> re.Pattern[str]:
    labels = "|".join(map(re.escape, sorted(_data()["author_labels"], key=len, reverse=True)))
    return re.compile(rf"\s*(?:(?:{labels})\s*:|(?:viết bởi|đăng bởi|bởi|by|theo)\s)\s*", re.IGNORECASE)


def author_of(line: str) -> str:
    """Return the name in a line that says who wrote something.

    >>> author_of("(Tác giả: Nguyễn Văn A)")
    'Nguyễn Văn A'
    """
    name = line.strip("() \t")
    return _author_label().sub("", name, count=1).strip() or name
