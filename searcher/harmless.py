"""Text from outside, made harmless to what shows it.

Every character of Unicode's categories Cc, Cf and Cs goes, but line break and tab.
"""

from __future__ import annotations

import re
from typing import Final

_COMMANDS: Final = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_IN_JSON: Final = _COMMANDS[:-1] + "<>&\u2028\u2029]"


def harmless(text: str) -> str:
    r"""Return the text without characters that command a terminal or turn the direction of writing.

    >>> harmless("Tin\x1b[31m đỏ\u202e")
    'Tin[31m đỏ'
    """
    return text if text.isprintable() else re.sub(_COMMANDS, "", text)


def harmless_json(encoded: str) -> str:
    r"""Return JSON with escapes for all that commands a terminal or is HTML; what it says stays the same.

    >>> harmless_json('"<b>\u202e"')
    '"\\u003cb\\u003e\\u202e"'
    """
    return re.sub(_IN_JSON, _escape, encoded)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
