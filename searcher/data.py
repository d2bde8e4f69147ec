"""Tables that people write as TOML and commands read as JSON, which `python -m tools.data` makes of it.

Reading TOML takes a command milliseconds for each kilobyte, and JSON hardly any.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


def read_table(module_file: str, name: str) -> dict[str, Any]:
    """Return what the table `name`.toml says that lies beside a module, given by its `__file__`."""
    table: dict[str, Any] = msgspec.json.decode(Path(module_file).with_name(f"{name}.json").read_bytes())
    return table
