"""Facts in the reader's language, in a terminal as wide as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from searcher.cli import run
from searcher.facts.naming import drug_names, offence_names, resolve
from searcher.facts.records import Drug
from searcher.facts.wording import drug_amount, facts_line
from searcher.messages import speaking
from tests.cli.conftest import terminal as terminal
from tests.facts.test_searching import folder as folder

Terminal = Callable[..., str]


def test_every_offence_and_drug_has_an_english_name_of_its_own() -> None:
    for names in (offence_names, drug_names):
        english = names("en")
        assert english.keys() == names().keys()
        assert len(set(english.values())) == len(english)
    assert resolve("offence", "drug transport") == "van-chuyen-ma-tuy"


def test_amounts_have_no_zeros_at_their_end() -> None:
    with speaking("en"):
        assert drug_amount(Drug("heroin", grams=4200.0)) == "4.2 kg heroin"
        assert drug_amount(Drug("can-sa", grams=1680.71)) == "1.68 kg cannabis"
        assert drug_amount(Drug("ma-tuy-da", grams=0.5, pills=2.0)) == "0.5 g = 2 pills crystal meth"
    with speaking("vi"):
        assert drug_amount(Drug("heroin", grams=4200.0)) == "4,2 kg heroin"


def test_what_is_no_case_has_no_line() -> None:
    from searcher.facts.records import FactsObject

    assert facts_line(FactsObject("policy")) == ""


def test_an_article_is_shown_with_its_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "heroin", "-i", str(folder)]) == 0
    assert "10.5 kg = 30 cakes heroin" in capsys.readouterr().out


def test_the_counts_fit_a_terminal_and_speak_of_no_zeros(folder: Path, terminal: Terminal) -> None:
    shown = re.sub(r"\x1b\[[\d;]*m", "", terminal("facts", "--by", "offence", "-i", folder, columns=72))
    lines = [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, lines)) <= 72
    assert "4 cases in 4 articles" in lines
    assert "0 of them" not in shown
    assert len(lines) <= 16


def test_facets_stand_side_by_side_only_where_they_fit(folder: Path, terminal: Terminal) -> None:
    for columns in (60, 80):
        shown = re.sub(r"\x1b\[[\d;]*m", "", terminal("query", "", "-n", "0", "-i", folder, columns=columns))
        assert "…" not in shown
        assert max(len(line.rstrip()) for line in shown.splitlines()) <= columns
