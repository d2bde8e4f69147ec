"""Cuts text into pyvi's tokens: syllables, numbers, web and e-mail addresses, punctuation marks, line breaks.

pyvi runs one regular expression over the text. No token of it but the line break holds white space, so the text can
be cut at single spaces and line breaks first, and each distinct piece needs the expression once.
"""

from __future__ import annotations

import re
from typing import Final

LINE_BREAK: Final = "\n"

_ABBREVIATIONS: Final = r"[A-ZĐ]+\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\."
_ARROWS: Final = r"==>|->|\.\.\.|>>|\n"
_WEB: Final = r"\w+://[^\s]+"
_DOMAIN: Final = r"(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
_MAILBOX: Final = r"[a-zA-Z0-9_.+-]+"
_REST: Final = r"\d+(?:[\.,_]\d+)+|[^\w\s]|\w+"

_WITH_MAIL: Final = re.compile("|".join((_ABBREVIATIONS, _ARROWS, _WEB, f"{_MAILBOX}@{_DOMAIN}", _REST)))
_WITHOUT_MAIL: Final = re.compile("|".join((_ABBREVIATIONS, _ARROWS, _WEB, _REST)))
_BEFORE_MAIL: Final = re.compile("|".join((_ABBREVIATIONS, _ARROWS, _WEB)))
_AFTER_MAIL: Final = re.compile(_REST)
_MAILBOX_RUN: Final = re.compile(_MAILBOX)
_AT_DOMAIN: Final = re.compile("@" + _DOMAIN)
_SPACE: Final = re.compile(r"\s+")
_LONG: Final = 1024


def pieces(text: str) -> list[str]:
    """Return the text cut at single spaces and around line breaks; empty pieces are possible."""
    return text.replace("\n", " \n ").split(" ")


def tokens(piece: str) -> list[str]:
    """Return pyvi's tokens of a piece that is in NFC: those of `ViTokenizer.sylabelize`, in linear time."""
    if "@" not in piece:
        return _WITHOUT_MAIL.findall(piece)
    if len(piece) < _LONG:
        return _WITH_MAIL.findall(piece)
    return _long_tokens(piece)


def _long_tokens(piece: str) -> list[str]:
    # The expression looks for a mailbox from every position anew: a megabyte of dots before an @ would take hours.
    # Here each run of mailbox letters is measured once.
    found = []
    at = run_end = 0
    mail_end: int | None = None
    while at < len(piece):
        match = _BEFORE_MAIL.match(piece, at)
        if match is None:
            run = _MAILBOX_RUN.match(piece, at) if at >= run_end else None
            if run is not None:
                run_end = run.end()
                domain = _AT_DOMAIN.match(piece, run_end)
                mail_end = domain.end() if domain else None
            if at < run_end and mail_end is not None:
                found.append(piece[at:mail_end])
                at = mail_end
                continue
            match = _AFTER_MAIL.match(piece, at) or _SPACE.match(piece, at)
        if match is None:
            break
        if not match[0].isspace() or match[0] == LINE_BREAK:
            found.append(match[0])
        at = match.end()
    return found
