"""Texts as numbers of their pieces, and what readers keep of each piece."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import TermAnalyzer
from searcher.analysis import pieces as pieces_module
from searcher.analysis.pieces import APART, PieceTable, Rows
from searcher.analysis.tokenizer import pieces


@given(st.lists(st.text("ab \n", max_size=9), max_size=6))
def test_rows_of_a_text_are_those_of_its_pieces_one_after_the_other(texts: list[str]) -> None:
    table = PieceTable()
    rows = Rows(table, lambda piece: [ord(letter) for letter in piece])
    for text in [*texts, *texts]:
        assert rows.of(table.numbers(text)).tolist() == [ord(one) for piece in pieces(text) for one in piece]
    assert rows.of(APART).tolist() == [ord(" ")]


def test_a_text_that_is_kept_is_not_cut_again() -> None:
    table = PieceTable()
    with table.keeping():
        first = table.numbers("một hai")
        assert table.numbers("một hai") is first
    assert table.numbers("một hai") is not first
    assert np.array_equal(table.numbers("một hai"), first)


def test_a_full_table_gives_way_to_a_new_one_and_terms_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces_module, "_MOST_PIECES", 20)
    monkeypatch.setattr(pieces_module, "_tables", [PieceTable()])
    analyzer = TermAnalyzer()
    made = set()
    for number in range(20):
        batch = analyzer.analyze_many([f"Mại dâm ở Sơn La a{number} b{number}"])
        terms = [analyzer.terms[one] for one in batch.term_ids.tolist()]
        assert terms[:7] == ["mại", "mại_dâm", "dâm", "ở", "sơn", "sơn_la", "la"]
        made.add(pieces_module._tables[0])
    assert len(made) > 1
