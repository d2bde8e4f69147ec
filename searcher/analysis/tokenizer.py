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

_WITH_MAIL: Final = "|".join((_ABBREVIATIONS, _ARROWS, _WEB, f"{_MAILBOX}@{_DOMAIN}", _REST))
_WITHOUT_MAIL: Final = re.compile("|".join((_ABBREVIATIONS, _ARROWS, _WEB, _REST)))
_BEFORE_MAIL: Final = "|".join((_ABBREVIATIONS, _ARROWS, _WEB))
_LONG: Final = 1024


def pieces(text: str) -> list[str]:
    """Return the text cut at single spaces and around line breaks; empty pieces are possible."""
    return text.replace("\n", " \n ").split(" ")


def tokens(piece: str) -> list[str]:
    """Return pyvi's tokens of a piece that is in NFC: those of `ViTokenizer.sylabelize`, in linear time."""
    if "@" not in piece:
        return _WITHOUT_MAIL.findall(piece)
    if len(piece) < _LONG:
        return re.findall(_WITH_MAIL, piece)
    return _long_tokens(piece)


def _long_tokens(piece: str) -> list[str]:
    # The expression looks for a mailbox from every position anew: a megabyte of dots before an @ would take hours.
    # Here each run of mailbox letters is measured once.
    before_mail, mailbox, domain = re.compile(_BEFORE_MAIL), re.compile(_MAILBOX), re.compile("@" + _DOMAIN)
    after_mail, space = re.compile(_REST), re.compile(r"\s+")
    found = []
    at = run_end = 0
    mail_end: int | None = None
    while at < len(piece):
        match = before_mail.match(piece, at)
        if match is None:
            run = mailbox.match(piece, at) if at >= run_end else None
            if run is not None:
                run_end = run.end()
                there = domain.match(piece, run_end)
                mail_end = there.end() if there else None
            if at < run_end and mail_end is not None:
                found.append(piece[at:mail_end])
                at = mail_end
                continue
            match = after_mail.match(piece, at) or space.match(piece, at)
        if match is None:
            break
        if not match[0].isspace() or match[0] == LINE_BREAK:
            found.append(match[0])
        at = match.end()
    return found
