"""Compiles searcher/tagging/divisions.tsv, the districts and wards of Viet Nam, and checks provinces.toml against it.

    python -m tools.gazetteer [path/to/provinces-2025.tsv]

Two releases of the package vietnam-provinces are fetched for their lists, which are those of the General Statistics
Office: 0.6.0 has the 63 provinces with districts, in force until 2025-06-30; 2025.10.1 the 34 with their wards. Only
names and the provinces they belong to are taken over. They are needed here only, never at run time.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

BEFORE: Final = "0.6.0"
SINCE: Final = "2025.10.1"
DATA: Final = Path(__file__).parent.parent / "searcher" / "tagging"
_PREFIX: Final = re.compile(r"(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Thị trấn|Phường|Xã|Đặc khu) ", re.IGNORECASE)
_KINDS: Final = {"thành phố": "city", "quận": "urban-district", "huyện": "district", "thị xã": "town"}
_HEADER: Final = f"""\
# Districts in force until 2025-06-30, of the 63 provinces, and wards in force since 2025-07-01 whose name tells which
# of the 63 they lie in. Compiled by tools/gazetteer.py from vietnam-provinces {BEFORE} and {SINCE} (General Statistics
# Office of Viet Nam).
# name	kind	province (63)
"""


def fetch(version: str, folder: Path) -> list[dict[str, Any]]:
    """Return the nested list of provinces that a release of the package holds."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*command, f"vietnam-provinces=={version}"], check=True)
    wheel = next(folder.glob(f"vietnam_provinces-{version}-*.whl"))
    with zipfile.ZipFile(wheel) as package:
        return list(json.loads(package.read("vietnam_provinces/data/nested-divisions.json")))


def bare(name: str) -> str:
    """Return the name without the kind of division before it."""
    return unicodedata.normalize("NFC", _PREFIX.sub("", name, count=1))


def key(name: str) -> str:
    """Return what two spellings of a name have in common."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


def provinces() -> tuple[dict[str, str], dict[str, str]]:
    """Return key to name of the 63, and name to its one of the 34, as provinces.toml has them."""
    entries = tomllib.loads((DATA / "provinces.toml").read_text("utf-8"))["province"]
    names = {key(spelling): entry["name"] for entry in entries for spelling in (entry["name"], *entry["variants"])}
    return names, {entry["name"]: entry["since_2025"] for entry in entries}


def check_unions(before: list[dict[str, Any]], since: list[dict[str, Any]], table: Path | None) -> None:
    """Stop where provinces.toml differs from the releases or from the given table of the 34."""
    names, unions = provinces()
    unknown = {bare(one["name"]) for one in before if key(bare(one["name"])) not in names}
    if unknown or len(before) != len(unions):
        sys.exit(f"provinces.toml lacks {sorted(unknown)}")
    now = {key(bare(one["name"])) for one in since}
    ours = {key(bare(name.replace("TP.", "Thành phố"))) for name in unions.values()}
    if now != ours:
        sys.exit(f"provinces.toml and release {SINCE} differ: {sorted(now ^ ours)}")
    if table is None:
        return
    listed = [line.split("\t") for line in table.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    wanted = {former: new for new, formers in listed for former in formers.split(", ")}
    if wanted != unions:
        sys.exit(f"provinces.toml and {table} differ: {sorted(set(wanted.items()) ^ set(unions.items()))}")


def compile_rows(before: list[dict[str, Any]], since: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return name, kind and province of the districts, then of the wards that only one province can mean."""
    names, unions = provinces()
    rows = []
    lower: dict[str, set[str]] = defaultdict(set)
    for province in before:
        name = names[key(bare(province["name"]))]
        for district in province["districts"]:
            kind = _KINDS[district["name"].lower().removesuffix(bare(district["name"]).lower()).strip()]
            rows.append((bare(district["name"]), kind, name))
            lower[key(bare(district["name"]))].add(name)
            for ward in district["wards"]:
                lower[key(bare(ward["name"]))].add(name)
    districts = {key(name) for name, _kind, _province in rows}
    new: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for province in since:
        for ward in province["wards"]:
            name = bare(ward["name"])
            inside = {
                one
                for one in lower[key(name)]
                if key(bare(unions[one].replace("TP.", ""))) in (key(bare(province["name"])), key(province["codename"]))
            }
            kind = ward["name"].split(" ")[0].lower()
            new[key(name)] |= {(name, kind, one) for one in inside} or {(name, kind, "")}
    for name_key in sorted(new):
        if name_key in districts or name_key.isdecimal():
            continue
        found = new[name_key]
        meant = {province for _name, _kind, province in found}
        # In older articles the name may be another ward; so it counts only where no other province ever had one.
        if len(meant) == 1 and lower[name_key] == meant:
            name, _kind, province = sorted(found)[0]
            rows.append((name, "ward", province))
    return rows


def main() -> None:
    """Write divisions.tsv."""
    table = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        before, since = (fetch(version, Path(folder)) for version in (BEFORE, SINCE))
    check_unions(before, since, table)
    rows = compile_rows(before, since)
    (DATA / "divisions.tsv").write_text(_HEADER + "".join("\t".join(row) + "\n" for row in rows), "utf-8")
    print(f"{len(rows)} divisions; now run python -m tools.data")


if __name__ == "__main__":
    main()
