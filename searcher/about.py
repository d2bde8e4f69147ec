"""The name and version of this program."""

from __future__ import annotations

from typing import Final

VERSION: Final = "1.0.0rc1"
