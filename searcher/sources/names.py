"""What the names of files and folders say: which are left alone where they lie in a folder or an archive."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Final

import msgspec

_COMPRESSION: Final = re.compile(r"\.(?:gz|zst)$")
_PARAMETERS: Final = re.compile(r"(?<=.)[?#;].*$", re.DOTALL)
_NUMBER_OF_COPY: Final = re.compile(r"(?<=[^.])(\.[a-z][a-z0-9]{1,5})\.\d{1,4}$")
_ENDING: Final = re.compile(r"\.\w{1,8}$", re.ASCII)


class _Names(msgspec.Struct, frozen=True):
    hidden: tuple[str, ...]
    page_folders: tuple[str, ...]
    about: frozenset[str]
    without_text: frozenset[str]


_NAMES: Final = msgspec.convert(
    tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text("utf-8")), _Names
)


def ending(name: str) -> str:
    """Return the ending of a file's name, in lower case with its dot; "" where it has none.

    It is the one that says what the file is: below a compression, a page's parameters and the number of a second copy.

    >>> ending("bao.TXT.gz"), ending("tin.aspx?ItemID=77"), ending("bai.html.1"), ending("index")
    ('.txt', '.aspx', '.html', '')
    """
    plain = _PARAMETERS.sub("", _COMPRESSION.sub("", name.lower()))
    found = _ENDING.search(_NUMBER_OF_COPY.sub(r"\1", plain))
    return found[0] if found else ""


def is_left_out(name: str, *, folder: bool = False) -> bool:
    """Whether a file or folder belongs to the system, to an archiver or to a saved page: nobody means it to be read."""
    return name.startswith(_NAMES.hidden) or (folder and name.lower().endswith(_NAMES.page_folders))


def is_of_index(name: str) -> bool:
    """Whether a file is the table of contents of an index: what lies beside it is no source but was made of sources."""
    return name.startswith("_MAIN_") and name.endswith(".toc")


def kind(name: str) -> str:
    """Return what a file is counted as where it is passed over: its ending, or its name if that says what it is.

    >>> kind("anh.JPG"), kind("README.md")
    ('.jpg', 'readme.md')
    """
    return name.lower() if name.lower() in _NAMES.about else ending(name)


def is_passed_over(name: str) -> bool:
    """Whether a file can hold no article by its name: a picture, a font, a program, a word about its folder."""
    return has_no_article(kind(name))


def has_no_article(kind: str) -> bool:
    """Whether files of this kind have no text that people read, or one that is about their folder."""
    return kind in _NAMES.about or kind in _NAMES.without_text
