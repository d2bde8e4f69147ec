"""The command line's manners: help with examples, sentences instead of traces, exit codes, completion."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from searcher import cli
from searcher.cli.app import with_commands
from tests.commands import COMMAND, run
from tools.terminal import clean_environment

ROOT = typer.main.get_command(with_commands())
NAMES = sorted(ROOT.commands)  # type: ignore[attr-defined]
WITHOUT_EXAMPLE = {"--help", "--version", "--install-completion", "--show-completion"}


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_has_help_with_an_example(name: str) -> None:
    command = ROOT.commands[name]  # type: ignore[attr-defined]
    assert "Example: searcher " in command.help
    for parameter in command.params:
        assert parameter.help, parameter.name
        if parameter.param_type_name == "option" and not WITHOUT_EXAMPLE & set(parameter.opts):
            assert "Example: " in parameter.help, parameter.opts


@pytest.mark.parametrize("name", NAMES)
def test_help_is_printed_in_both_languages(name: str) -> None:
    assert "Example" in run(name, "--help").stdout
    assert "Ví dụ" in run(name, "--help", SEARCHER_LANG="vi").stdout


def test_help_in_vietnamese_has_vietnamese_headings() -> None:
    shown = run("query", "--help", SEARCHER_LANG="vi").stdout
    assert "Tùy chọn" in shown
    assert "Options" not in shown


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["query", "x", "--index", "{tmp}/none"], 1, "There is no index in"),
        (["show", "none", "--index", "{seeds}"], 1, "none"),
        (["query", "x", "--province", "Atlantis", "--index", "{seeds}"], 1, "'Atlantis' is not a province"),
        (["query", "x", "--topic", "golf", "--index", "{seeds}"], 1, "'golf' is not a topic"),
        (["query", "x", "--since", "32/13/2020", "--index", "{seeds}"], 2, "is not a date"),
        (["query", "x", "--since", "2021", "--until", "2020", "--index", "{seeds}"], 1, "after its last"),
        (["query", "x", "--sort", "size", "--index", "{seeds}"], 1, "'size' is no sort order"),
        (["query", "x", "-n", "-1", "--index", "{seeds}"], 2, "-n"),
        (["query"], 2, "Missing argument: TEXT. Example: searcher query"),
        (["stat"], 2, "No such command: 'stat'. Example: searcher stats"),
        (["mại", "dâm"], 2, "Example: searcher query mại dâm"),
        (["query", "x", "--provnce", "Sơn La"], 2, "Example: searcher query x --province 'Sơn La'"),
        (["query", "x", "-limit", "3"], 2, "Example: searcher query x --limit 3"),
        (["query", "x", "-n", "abc"], 2, "'abc' is no whole number from 0 to 1,000. Example: searcher query x -n 20"),
        (["query", "x", "-n"], 2, "The option -n needs a value."),
        (["query", "x", "--json=3"], 2, "The option --json takes no value."),
        (["show", "a", "b"], 2, "Too much: b."),
        (["stats", "-i", "ftp://tin.example.vn/index"], 1, "is an address"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_an_exit_code(
    arguments: list[str], code: int, sentence: str, seeds_folder: Path, tmp_path: Path
) -> None:
    done = run(*(argument.format(tmp=tmp_path, seeds=seeds_folder) for argument in arguments))
    assert done.returncode == code
    assert sentence in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_wrong_use_is_said_in_vietnamese_where_that_is_the_language() -> None:
    for arguments in (
        ["stat"],
        ["query"],
        ["query", "x", "-n", "x"],
        ["query", "x", "--provnce", "a"],
        ["show", "a", "b"],
    ):
        said = run(*arguments, SEARCHER_LANG="vi").stderr
        assert not re.search(r"\b(is|no|such|missing|example|option|try|error)\b", said, re.IGNORECASE), said


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["ma", "túy"], "ma túy"),
        (["-ma", "túy"], "-ma túy"),
        (["ma", "túy", "-mại dâm", "-n", "5"], "ma túy -mại dâm"),
        (["-nạn"], "-nạn"),
        (["HIV", "-hiv", "--sort", "newest"], "HIV -hiv"),
        (["--", "--limit", "-n"], "--limit -n"),
        (["-tma-tuy", "heroin", "-pSơn La"], "heroin"),
        ([""], ""),
    ],
)
def test_words_are_one_text(words: list[str], text: str, seeds_folder: Path) -> None:
    done = run("query", "--json", "-i", seeds_folder, *words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["query"] == text


def in_shell(script: str, **environment: str) -> tuple[int, str, str]:
    """Run a line of `sh` in which `$S` is the command; returns its exit code and what reached either stream."""
    done = subprocess.run(
        ["sh", "-c", script.replace("$S", f"{shlex.join(COMMAND)}")],
        capture_output=True,
        env=clean_environment(**environment),
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="closes descriptors as a POSIX shell does")
@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("$S stats >&-", 1, "could not be written"),
        ("$S query '' --json >&-", 1, "could not be written"),
        ("$S query '' --csv >&-", 1, "could not be written"),
        ("$S stats >/dev/full", 1, "could not be written"),
        ("$S query '' --csv >/dev/full", 1, "could not be written"),
        ("$S stats 2>&-", 0, ""),
        ("$S stats <&-", 0, ""),
        ("$S stat 2>&-", 2, ""),
        ("$S stats >&- 2>&-", 1, ""),
        ("$S query x -i /nowhere/at/all 2>&-", 1, ""),
    ],
)
def test_a_closed_stream_is_no_trace(line: str, code: int, sentence: str, seeds_folder: Path) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("has no /dev/full")
    left, _out, said = in_shell(line, SEARCHER_INDEX=str(seeds_folder))
    assert left == code
    assert sentence in said and "Traceback" not in said and len(said.splitlines()) <= 1


@pytest.mark.parametrize("encoding", ["cp1258", "cp1252", "ascii"])
def test_output_is_utf_8_whatever_the_encoding(encoding: str, seeds_folder: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "query", "ma túy", "-i", str(seeds_folder)],
        capture_output=True,
        env=clean_environment(PYTHONIOENCODING=encoding, PYTHONUTF8="0", SEARCHER_LANG="vi"),
        check=False,
    )
    assert done.returncode == 0
    assert "bài" in done.stdout.decode("utf-8")


def test_colours_that_are_forced_keep_the_width_of_a_terminal(seeds_folder: Path) -> None:
    shown = run("query", "ma túy", "-i", seeds_folder, FORCE_COLOR="1", COLUMNS="80").stdout
    assert "\x1b[" in shown
    assert max(map(len, re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines())) <= 80


def test_no_warning_is_shown() -> None:
    code = (
        "import sys, searcher.cli as cli\n"
        "def run():\n"
        "    import warnings, logging\n"
        "    warnings.warn('numpy says so', RuntimeWarning)\n"
        "    logging.getLogger('pdf').warning('broken \\x1b[31m table')\n"
        "    return 0\n"
        "cli.run = run\n"
        "from searcher.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=clean_environment(), check=True)
    assert done.stderr == b"broken [31m table\n"


def test_too_little_memory_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def out_of_memory(*_given: object) -> None:
        raise MemoryError

    monkeypatch.setattr("searcher.opening.open_index", out_of_memory)
    assert cli.run(["stats"]) == 1
    assert "not enough memory" in capsys.readouterr().err


def test_when_nothing_could_be_read_that_is_said_and_the_code_is_1(tmp_path: Path) -> None:
    done = run("index", tmp_path / "none", "-i", tmp_path / "new")
    assert done.returncode == 1
    assert f"{tmp_path / 'none'}: There is no such file or folder." in done.stderr
    assert "1 rejected" in done.stdout


def test_debug_shows_the_trace(tmp_path: Path) -> None:
    done = run("--debug", "query", "x", "-i", tmp_path / "none")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "There is no index in" in done.stderr


def test_a_reader_that_leaves_early_hears_no_complaint(seeds_folder: Path) -> None:
    arguments = [*COMMAND, "query", "", "-n", "45", "-i", str(seeds_folder)]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("searcher ", "query"), ("searcher query --s", "--since"), ("searcher query x --topic ma-", "ma-tuy")],
)
def test_the_shell_completes(typed: str, offered: str) -> None:
    words = typed.split(" ")
    done = subprocess.run(
        COMMAND,
        capture_output=True,
        text=True,
        env={
            **clean_environment(),
            "_SEARCHER_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(words) - 1),
        },
        check=False,
    )
    assert offered in done.stdout.split()


def test_a_query_loads_no_model_library(seeds_folder: Path) -> None:
    code = (
        "import sys; from searcher.cli import run; run(sys.argv[1:]);"
        "sys.exit(bool({'sklearn', 'scipy', 'pyvi', 'pycrfsuite'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    arguments = [sys.executable, "-c", code, "query", "mại dâm Sơn La", "-i", str(seeds_folder)]
    assert subprocess.run(arguments, capture_output=True, env=clean_environment(), check=False).returncode == 0


def test_the_index_may_be_named_by_the_environment(seeds_folder: Path) -> None:
    assert run("stats", SEARCHER_INDEX=str(seeds_folder)).returncode == 0
    assert os.environ.get("SEARCHER_INDEX") is None
