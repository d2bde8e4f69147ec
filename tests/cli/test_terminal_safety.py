"""Nothing that comes from outside commands a terminal, whatever is printed of it and by whichever command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

import searcher
from searcher.cli.console import Console, output
from tests.commands import run_in_terminal

EVIL = "\x1b]0;x\x07\x1b[31m\x9b31m\u202etin\u2066\x08\r"
COLOURS = re.compile(r"\x1b\[[\d;]*m|\x1b\[\?25[lh]|\x1b\[\d*[AK]|\x1b\[2K|\r+\n|\r(?=\x1b\[)")
"""What the console itself may send: colours, and a progress bar's moves."""
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ARTICLE = {
    "id": f"a{EVIL}",
    "title": f"Ma túy {EVIL}",
    "lead": f"Dẫn {EVIL}",
    "body": f"Ma túy và mại dâm {EVIL}. Tin này là bịa, không có thật.",
    "source": f"Báo {EVIL}",
    "author": EVIL,
    "url": f"https://tin.example.vn/{EVIL}",
    "provinces": [f"Sơn La{EVIL}", "Hà Nội"],
    "topics": [f"ma-tuy{EVIL}"],
    "published": "2020-02-17T08:00:00+07:00",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("evil")
    (made / "tin.jsonl").write_text(json.dumps(ARTICLE), "utf-8")
    searcher.index_paths(made / "index", [made / "tin.jsonl"])
    return made


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "ma túy"),
        ("query", "ma túy", "--explain"),
        ("query", f"ma túy {EVIL}", "-p", EVIL),
        ("query", "ma túy", "--json"),
        ("query", "ma túy", "--csv"),
        ("query", "ma túy", "--jsonl"),
        ("show", "{id}"),
        ("show", f"none{EVIL}"),
        ("similar", "{id}"),
        ("suggest", "ma t"),
        ("trends", "--by", "province"),
        ("trends", "--by", "topic", "--csv"),
        ("stats",),
        ("check",),
        (f"stat{EVIL}",),
        ("query", f"--x{EVIL}"),
        ("query", "x", "-n", EVIL),
    ],
    ids=lambda arguments: " ".join(arguments)[:20].encode("ascii", "backslashreplace").decode(),
)
def test_no_command_shows_them(folder: Path, arguments: tuple[str, ...]) -> None:
    with searcher.open_index(folder / "index") as index:
        article_id = index.search("").hits[0].article.id
    given = [one.replace("{id}", article_id).replace("\x00", "") for one in arguments]
    for columns in (60, 140):
        _code, shown = run_in_terminal(*given, columns=columns, SEARCHER_INDEX=str(folder / "index"))
        assert not COMMANDS.search(COLOURS.sub("", shown)), ascii(shown)


def test_a_console_makes_all_that_is_printed_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(title=EVIL)
    table.add_column(EVIL)
    table.add_row(Text(EVIL, "bold"))
    for console in (output(), output(error=True), Console(force_terminal=True), Console(stderr=True, width=40)):
        console.print(EVIL, Text(EVIL), table, style="red", sep=EVIL, end=EVIL)
        console.rule(EVIL)
    shown = capsys.readouterr()
    for text in (shown.out, shown.err):
        assert "tin" in text and not COMMANDS.search(COLOURS.sub("", text))
