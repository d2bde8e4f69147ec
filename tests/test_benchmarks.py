"""The benchmarks fit the code that they measure, as far as their imports go; their figures are nobody's test."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
MODULES = sorted({path.relative_to(FOLDER.parent).with_suffix("") for path in FOLDER.rglob("*.py")})


@pytest.mark.parametrize(
    "module", [".".join(path.parts) for path in MODULES if path.stem not in ("__init__", "__main__")]
)
def test_a_benchmark_imports_what_is_there(module: str) -> None:
    import_module(module)
