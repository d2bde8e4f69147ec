"""What a person sees: nothing wider than the terminal, no colour where none is wanted, no article commanding it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Terminal
from tests.commands import run

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-7]|9[0-7]|4[0-7]|38;5;\d+)m")


def lines(shown: str) -> list[str]:
    return ESCAPES.sub("", shown).splitlines()


@pytest.mark.parametrize("columns", [60, 80, 140])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_line_of_results_is_wider_than_the_terminal(
    terminal: Terminal, seeds_folder: Path, columns: int, language: str
) -> None:
    shown = terminal("query", "mai dam", "-i", seeds_folder, columns=columns, SEARCHER_LANG=language)
    assert len(lines(shown)) > 20
    assert max(map(cell_len, lines(shown))) <= columns


def test_matches_are_coloured_in_a_terminal_and_not_with_no_color(terminal: Terminal, seeds_folder: Path) -> None:
    assert COLOUR.search(terminal("query", "mại dâm", "-i", seeds_folder))
    assert not COLOUR.search(terminal("query", "mại dâm", "-i", seeds_folder, NO_COLOR="1"))


def test_a_vietnamese_locale_gives_vietnamese_words_and_numbers(terminal: Terminal, seeds_folder: Path) -> None:
    shown = terminal("query", "mại dâm", "-i", seeds_folder, SEARCHER_LANG="", LC_ALL="vi_VN.UTF-8")
    assert re.search(r"\d+ bài", shown)
    assert re.search(r"\d,\d", shown)


def test_a_pipe_gets_whole_lines_without_padding(seeds_folder: Path) -> None:
    done = run("query", "mại dâm Sơn La", "-i", seeds_folder)
    hits = done.stdout.partition("\nprovince")[0].splitlines()
    assert "1. Sơn La: Duy trì gần 200 xã, phường, thị trấn không có tệ nạn mại dâm" in hits
    assert all(line == line.rstrip() for line in hits)
    assert "\x1b" not in done.stdout


def test_an_article_cannot_command_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    article = {
        "id": "x",
        "title": "Đỏ \x1b[31mhết\x9b2J \u202etxet",
        "body": "ma túy \x1b]0;tựa\x07 hết",
        "source": "\x1b[5m",
    }
    (tmp_path / "hostile.jsonl").write_text(json.dumps(article), encoding="utf-8")
    terminal("index", tmp_path / "hostile.jsonl", "-i", tmp_path / "index")
    for shown in (
        terminal("query", "ma túy", "-i", tmp_path / "index", NO_COLOR="1"),
        terminal("show", "x", "-i", tmp_path / "index", NO_COLOR="1"),
        terminal("tag", tmp_path / "hostile.jsonl", NO_COLOR="1"),
    ):
        assert "Đỏ" in shown
        for command in ("\x1b[31m", "\x1b]0", "\x1b[5m", "\x9b", "\u202e", "\x07"):
            assert command not in shown


@pytest.mark.parametrize("columns", [50, 80])
def test_a_facet_without_values_is_not_spoken_of(terminal: Terminal, tmp_path: Path, columns: int) -> None:
    source = tmp_path / "articles.jsonl"
    source.write_text('{"title": "Một vụ ma túy", "body": "Công an thu giữ ma túy. Bài viết này là bịa."}\n', "utf-8")
    assert run("index", source, "-i", tmp_path / "ix").returncode == 0
    shown = lines(terminal("query", "ma túy", "-i", tmp_path / "ix", columns=columns, SEARCHER_LANG="en"))
    assert any(line.startswith("topic") for line in shown)
    assert not any("year" in line or "province" in line for line in shown)
