"""What was typed without marks: the readings of a query weighed by what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from searcher.analysis import Alternative, FoldedTerms, QueryTerm, fold, query_terms
from searcher.language.restoration import syllable_pairs, with_marks
from searcher.language.translation import translate


class Syllables:
    """A lexicon of every syllable that the table has, and of some words."""

    def __init__(self, *words: str) -> None:
        known = sorted([*syllable_pairs().syllables(), *words])
        self._known, self._folded = frozenset(known), FoldedTerms(known)

    def __contains__(self, term: str, /) -> bool:
        return term in self._known

    def folding_to(self, folded: str, /) -> Sequence[str]:
        return self._folded.folding_to(folded)


def read(text: str, *words: str) -> list[QueryTerm]:
    return with_marks(query_terms(text, Syllables(*words), frequency=syllable_pairs().frequency))


def likeliest(term: QueryTerm) -> Alternative:
    readings = [one for one in term.alternatives if one.kind in ("literal", "folded")]
    return max(readings, key=lambda one: one.weight)


@pytest.mark.parametrize(
    "text",
    [
        "chó nghiệp vụ phát hiện ma túy",
        "bị lừa sang trung quốc làm vợ rồi trốn về",
        "trẻ em bị ép đi ăn xin",
        "vận chuyển heroin từ lào về việt nam",
        "người lào vận chuyển ma túy",
    ],
)
def test_the_likeliest_readings_are_what_was_typed_without_marks(text: str) -> None:
    meant = [term.term for term in query_terms(text) if term.length == 1]
    found = [likeliest(term).term for term in read(fold(text)) if term.length == 1]
    assert found == meant


def test_a_word_that_is_hardly_a_reading_of_its_place_is_left_out() -> None:
    found = read("su dung ma tuy trong quan karaoke", "trống_quân", "ma_tuý")
    words = {term.term for term in found if term.length == 2}
    assert words == {"su_dung", "ma_tuy"}


def test_what_stands_beside_decides() -> None:
    def second(text: str) -> str:
        return likeliest([term for term in read(text) if term.length == 1][1]).term

    assert second("cong an") == "an"
    assert second("vu an") == "án"
    assert second("lam an") == "ăn"


def test_the_likeliest_weighs_one_and_the_others_less() -> None:
    for term in read("tre em bi ep di an xin"):
        weights = [one.weight for one in term.alternatives if one.kind in ("literal", "folded")]
        assert max(weights) == pytest.approx(1)
        assert all(0 < weight <= 1 for weight in weights)
        assert term.alternatives[0].kind == "literal"


def test_marks_that_were_typed_are_meant() -> None:
    text = "chó nghiệp vụ"
    assert [term.alternatives for term in read(text)] == [term.alternatives for term in query_terms(text, Syllables())]


def test_syllables_that_the_table_does_not_have_are_read_as_they_are() -> None:
    assert [likeliest(term).term for term in read("zzyx qwrt") if term.length == 1] == ["zzyx", "qwrt"]


def test_a_vietnamese_query_is_not_english_for_a_name_that_is_the_same_in_both() -> None:
    assert translate("van chuyen heroin tu Lao ve Viet Nam") == ""
    assert translate("HIV testing in Viet Nam") != ""
