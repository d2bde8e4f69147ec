"""Packages that only some users need: imported where they are used, and named where they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from searcher.about import DISTRIBUTION
from searcher.messages import _
from searcher.sources.items import Unreadable


def extra(module: str) -> Any:
    """Return a module of the extra `files`; raises Unreadable, saying how to install it, where it is not."""
    try:
        return import_module(module)
    except ImportError:
        reason = _("Reading this kind of file needs {module}: pip install '{distribution}[files]' brings it.")
        raise Unreadable("extra", reason.format(module=module.partition(".")[0], distribution=DISTRIBUTION)) from None
