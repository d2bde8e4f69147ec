"""constraints.txt: what is installed is pinned, with the hash of each file, and all that pyproject.toml asks for is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINS = [
    entry.replace("\\\n", " ")
    for entry in re.split(r"\n(?=\S)", (ROOT / "constraints.txt").read_text("utf-8"))
    if entry.strip() and not entry.startswith("#")
]
VERSIONS = {
    canonicalize_name(one.name): str(one.specifier) for one in (Requirement(pin.split("--hash")[0]) for pin in PINS)
}


def wanted() -> list[str]:
    """Return all requirements: of the package, of its extras, and of building it."""
    extras = [one for several in PROJECT["optional-dependencies"].values() for one in several]
    return [one for one in (*PROJECT["dependencies"], *extras) if not one.startswith(PROJECT["name"])]


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.split("==")[0])
def test_each_pin_is_one_version_with_hashes(pin: str) -> None:
    assert re.match(r"[a-z0-9.-]+==[^\s;]+( ;.*?)? +--hash", pin.splitlines()[0] + " ")
    hashes = re.findall(r"--hash=(\S+)", pin)
    assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes)


@pytest.mark.parametrize("requirement", wanted())
def test_what_is_asked_for_is_pinned_within_its_bounds(requirement: str) -> None:
    one = Requirement(requirement)
    version = VERSIONS[canonicalize_name(one.name)].removeprefix("==")
    assert one.specifier.contains(version, prereleases=True)
