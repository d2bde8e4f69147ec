"""suggest, similar and trends, as they look and as programs read them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from msgspec.structs import asdict
from rich.cells import cell_len

import searcher
from tests.cli.conftest import Terminal
from tests.cli.test_look import COLOUR, lines
from tests.commands import run
from tests.invented import indexed, invented

LEVELS = re.compile("[▁▂▃▄▅▆▇█]")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(tmp_path_factory.mktemp("explored") / "index", invented(70))


COMMANDS = (
    ("suggest", "mai d"),
    ("similar", "bai-001", "-n", "3"),
    ("trends",),
    ("trends", "ma túy", "--by", "month"),
    ("trends", "ma túy", "--by", "month", "--since", "2019", "--until", "2020"),
    ("trends", "--by", "province"),
    ("trends", "--by", "topic", "--per", "month"),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("columns", "environment"), [(60, {"SEARCHER_LANG": "vi", "NO_COLOR": "1"}), (140, {})])
def test_no_line_is_wider_than_the_terminal_and_no_color_means_none(
    terminal: Terminal, index: Path, arguments: tuple[str, ...], columns: int, environment: dict[str, str]
) -> None:
    printed = terminal(*arguments, "-i", index, columns=columns, **environment)
    assert bool(COLOUR.search(printed)) == (not environment)
    shown = lines(printed)
    assert len(shown) > 2
    assert max(map(cell_len, shown)) <= columns
    assert not any(line.endswith("…") and LEVELS.search(line) for line in shown)


def test_a_pipe_has_neither_colour_nor_padding(index: Path) -> None:
    for arguments in (("suggest", "mai d"), ("similar", "bai-001"), ("trends", "--by", "province")):
        piped = run(*arguments, "-i", index)
        assert piped.returncode == 0
        assert "\x1b" not in piped.stdout
        assert all(line == line.rstrip() for line in piped.stdout.splitlines())


def test_suggest_prints_what_python_gives(index: Path) -> None:
    printed = json.loads(run("suggest", "đường dây", "-n", 5, "--json", "-i", index).stdout)
    with searcher.open_index(index) as opened:
        assert printed["suggestions"] == [
            {**asdict(one), "value": one.value or None} for one in opened.suggest("đường dây", 5)
        ]
    assert printed["prefix"] == "đường dây"


def test_suggest_says_where_nothing_begins_so(index: Path) -> None:
    done = run("suggest", "zzzz", "-i", index)
    assert done.returncode == 0
    assert "Nothing in the index begins like this." in done.stdout


def test_similar_prints_what_python_gives_and_why(index: Path) -> None:
    printed = json.loads(run("similar", "bai-001", "-n", 4, "--json", "-i", index).stdout)
    with searcher.open_index(index) as opened:
        assert printed == json.loads(json.dumps(opened.similar("bai-001", 4).to_dict()))
    shown = run("similar", "bai-001", "-n", 4, "-i", index).stdout
    assert "for: " in shown
    assert printed["terms"][0]["term"] in shown


def test_similar_to_an_unknown_article_is_a_sentence(index: Path) -> None:
    done = run("similar", "none", "-i", index)
    assert done.returncode == 1
    assert "'none'" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("by", ["month", "province"])
def test_trends_as_csv_are_those_of_json(index: Path, by: str) -> None:
    given = json.loads(run("trends", "ma túy", "--by", by, "--json", "-i", index).stdout)
    raw = run("trends", "ma túy", "--by", by, "--csv", "-i", index).stdout
    assert raw.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(raw.removeprefix("\ufeff"))))
    wanted = [
        (row["value"], period, count, share)
        for row in given["rows"]
        for period, count, share in zip(given["periods"], row["counts"], row["shares"], strict=True)
    ]
    labelled = by in ("province", "topic")
    unit = given["unit"]
    assert [
        (row[by] if labelled else None, row[unit], int(row["count"]), float(row["share"])) for row in rows
    ] == wanted
    assert sum(int(row["articles"]) for row in rows) == sum(given["articles"]) * len(given["rows"])


def test_bars_are_as_long_as_the_counts_say(index: Path) -> None:
    shown = run("trends", "-i", index).stdout
    found = {match[1]: (int(match[2]), len(match[3])) for match in re.finditer(r"^(\d{4})\s+(\d+)\s+(█*)", shown, re.M)}
    assert list(found) == ["2018", "2019", "2020", "2021"]
    most = max(count for count, _length in found.values())
    assert all(length == round(48 * count / most) for count, length in found.values())


def test_a_gap_is_a_zero(index: Path) -> None:
    shown = run("trends", "--since", "2016", "-i", index).stdout
    assert re.search(r"^2016\s+0\s+·", shown, re.M)


@pytest.mark.parametrize("wrong", [("--by", "size"), ("--per", "week", "--by", "topic"), ("--topic", "golf")])
def test_what_trends_can_not_count_by_is_a_sentence(index: Path, wrong: tuple[str, ...]) -> None:
    done = run("trends", *wrong, "-i", index)
    assert done.returncode == 1
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_did_you_mean_is_printed(index: Path) -> None:
    assert "Did you mean: mại dâm" in run("query", "mại dam", "-i", index).stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("searcher trends x --by p", "province"),
        ("searcher trends x --per m", "month"),
        ("searcher trends x --topic ma-", "ma-tuy"),
        ("searcher query x --js", "--jsonl"),
        ("searcher sug", "suggest"),
    ],
)
def test_the_shell_completes(typed: str, offered: str) -> None:
    done = run(_SEARCHER_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(len(typed.split(" ")) - 1))
    assert offered in done.stdout.split()
