"""The name and version of this program."""

from __future__ import annotations

from typing import Final

DISTRIBUTION: Final = "searcher-vietnews"
"""What to tell pip: the name `searcher` there is somebody else's."""
VERSION: Final = "1.0.0rc1"
