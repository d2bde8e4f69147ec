"""What commands print as JSON is what docs/schemas/ says, which is made of the structs."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

import searcher
from searcher.cli import run
from tests.conftest import SEEDS
from tools.schemas import FOLDER, PRINTED, schema

SEED = "seed-000_d268d91ff7c71edf.txt"
COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "query": [
        ("query", "mai dam son la", "--json"),
        ("query", "ma túy 2020 Vinh", "--json", "--explain", "-p", "Nghệ An"),
        ("query", "xyzzy", "--json"),
        ("query", "", "--json", "-n", "0", "--sort", "newest"),
    ],
    "query-jsonl": [("query", "ma túy", "--jsonl")],
    "show": [("show", "{id}", "--json")],
    "similar": [("similar", "{id}", "--json")],
    "suggest": [("suggest", "mai d", "--json"), ("suggest", "((", "--json")],
    "trends": [("trends", "ma túy", "--json"), ("trends", "--by", "topic", "--json"), ("trends", "xyzzy", "--json")],
    "stats": [("stats", "--json")],
    "check": [("check", "--json")],
    "facts": [("facts", "--json"), ("facts", "ma túy", "--by", "drug", "--json")],
    "tag": [("tag", "{seed}", "--json")],
    "tag-explain": [("tag", "{seed}", "--explain", "--json")],
}


@pytest.mark.parametrize("name", PRINTED)
def test_the_files_are_made_of_the_structs(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text("utf-8") == schema(PRINTED[name]), "run python -m tools.schemas"


def test_there_is_a_file_for_each_and_no_other() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(PRINTED) == set(COMMANDS)


@pytest.mark.parametrize(("name", "arguments"), [(name, one) for name, several in COMMANDS.items() for one in several])
def test_what_is_printed_fits(
    name: str, arguments: tuple[str, ...], seeds_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with searcher.open_index(seeds_folder) as index:
        found = index.search("mại dâm Sơn La").hits[0].article.id
    given = [one.format(id=found, seed=SEEDS / SEED) for one in arguments]
    assert run([*given, *(() if arguments[0] == "tag" else ("-i", str(seeds_folder)))]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines
    for line in lines:
        printed = json.loads(line)
        read = msgspec.convert(printed, PRINTED[name], strict=True)
        assert json.loads(msgspec.json.encode(read)) == printed, "a key is missing here or there"
