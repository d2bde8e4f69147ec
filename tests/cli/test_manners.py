"""The command line's manners: help with examples, sentences instead of traces, exit codes, completion."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from searcher.cli.app import with_commands
from tests.cli.conftest import COMMAND, clean_environment

ROOT = typer.main.get_command(with_commands())
NAMES = sorted(ROOT.commands)  # type: ignore[attr-defined]
WITHOUT_EXAMPLE = {"--help", "--version", "--install-completion", "--show-completion"}


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=clean_environment(**environment),
        check=False,
    )


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
        (["query"], 2, "Missing argument"),
        (["stat"], 2, "No such command"),
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


def test_when_nothing_could_be_read_that_is_said_and_the_code_is_1(tmp_path: Path) -> None:
    done = run("index", tmp_path / "none", "-i", tmp_path / "new")
    assert done.returncode == 1
    assert f"{tmp_path / 'none'}: There is no such file or folder." in done.stderr
    assert "1 rejected" in done.stdout


def test_debug_shows_the_trace(tmp_path: Path) -> None:
    done = run("--debug", "query", "x", "-i", tmp_path / "none")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "IndexNotFound" in done.stderr


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
