"""docs/commands.md and the guide in Vietnamese: every example runs; every command and option has one somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from searcher.cli import run
from searcher.cli.app import with_commands

ROOT = Path(__file__).parent.parent
DOC = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "huong-dan.md").read_text(encoding="utf-8")
PAGES = [DOC, *(page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))]


def examples_in(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.startswith("    searcher ")]


IN_TABLES = re.findall(r"\| `(searcher query [^`]*)` \|", GUIDE)
EXAMPLES = list(dict.fromkeys((*examples_in(DOC), *examples_in(GUIDE), *IN_TABLES)))
COMMANDS = typer.main.get_command(with_commands()).commands  # type: ignore[attr-defined]
ELSEWHERE = {"--help", "--index", "--json", "--install-completion", "--show-completion"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs(
    example: str,
    seeds_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    command, _hash, comment = example.partition(" #")
    words = shlex.split(command.partition(" > ")[0])[1:]
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEARCHER_INDEX", str(tmp_path / "own" if words[0] == "index" else seeds_folder))
    monkeypatch.setenv("SEARCHER_LANG", "en")
    assert run(words) == 0, capfd.readouterr().err
    printed = capfd.readouterr().out
    assert printed
    if "Did you mean" in comment:
        assert comment.strip() in printed


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_in_an_example(name: str) -> None:
    examples = [shlex.split(line.partition(" #")[0]) for page in PAGES for line in examples_in(page)]
    mine = [words for words in examples if name in words[:3]]
    assert mine, f"there is no example of {name}"
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name != "option" or ELSEWHERE & set(parameter.opts):
            continue
        assert any(set(parameter.opts) & set(words) for words in mine), parameter.opts
