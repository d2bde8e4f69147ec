"""Folding, synonyms, and what the words of a query may stand for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.analysis import (
    FoldedOrder,
    FoldedTerms,
    QueryTerm,
    SynonymFileError,
    Synonyms,
    expansions,
    fold,
    fold_many,
    folded_order,
    load_synonyms,
    query_terms,
)
from searcher.analysis.synonyms import BUILT_IN
from tests.analysis.test_segmenter import ANY_TEXT, CASED

TERMS = (
    "mại mại_dâm dâm dam đảm sơn sơn_la la là lá lạ điện điện_biên biên diễn diễn_biến biến ma mà má ma_tuý tuý tuy "
    "công công_an an ca ca_sỹ sỹ hiv karaoke nghệ_an nghệ gái gái_gọi gọi đá da"
)
LEXICON = FoldedTerms(TERMS.split())
NO_SYNONYMS = Synonyms([])


def by_text(query: str, **options: object) -> dict[str, QueryTerm]:
    options.setdefault("synonyms", NO_SYNONYMS)
    found = query_terms(query, LEXICON, **options)  # type: ignore[arg-type]
    return {query[one.start : one.end]: one for one in found}


def folded(term: QueryTerm) -> list[str]:
    return [one.term for one in term.alternatives if one.kind == "folded"]


def test_a_word_typed_without_marks_is_found_whole() -> None:
    found = by_text("mai dam son la")
    assert folded(found["mai dam"])[0] == "mại_dâm"
    assert folded(found["son la"]) == ["sơn_la"]
    assert folded(found["mai"])[0] == "mại"


def test_a_word_that_two_words_fold_to_is_both() -> None:
    assert set(folded(by_text("dien bien")["dien bien"])) == {"điện_biên", "diễn_biến"}


def test_words_of_pyvis_list_are_known_without_an_index() -> None:
    (word,) = [one for one in query_terms("ma tuy", synonyms=NO_SYNONYMS) if one.kind == "word"]
    assert folded(word) == ["ma_tuý"]


def test_a_partly_marked_word_is_completed_and_its_marked_syllable_is_literal() -> None:
    found = by_text("mại dam")
    assert folded(found["mại dam"]) == ["mại_dâm"]
    assert folded(found["mại"]) == []
    assert folded(found["dam"]) == ["dâm"]


@pytest.mark.parametrize("query", ["mại dâm Sơn La", "mại dâm sơn la", "MẠI DÂM SƠN LA", "ma túy", "ca sĩ", "công an"])
def test_a_marked_query_stands_for_nothing_else_even_where_a_syllable_has_no_mark(query: str) -> None:
    assert all(len(one.alternatives) == 1 for one in by_text(query).values())


def test_a_word_that_segmentation_did_not_join_is_still_a_word_if_the_index_has_it() -> None:
    assert by_text("mại dâm sơn la")["sơn la"].kind == "word"


def test_words_do_not_reach_over_punctuation() -> None:
    assert "mai, dam" not in by_text("mai, dam")


def test_half_a_letters_marks_are_completed_when_the_index_does_not_have_the_syllable() -> None:
    assert folded(by_text("đien")["đien"]) == ["điện"]


def test_the_literal_term_comes_first_and_outweighs_all_others() -> None:
    for query in ("mai dam son la", "ma tuy da", "CA", "gai goi", "buôn người", "TP.HCM"):
        for term in query_terms(query, LEXICON):
            literal, *others = term.alternatives
            assert (literal.kind, literal.weight, literal.term) == ("literal", 1.0, term.term)
            assert all(0 < other.weight < 1 for other in others)
            assert [other.weight for other in others] == sorted((other.weight for other in others), reverse=True)


def test_rare_readings_weigh_less_when_frequencies_are_known() -> None:
    counts = {"là": 10_000, "lá": 100, "lạ": 100}
    la = by_text("la", frequency=lambda term: counts.get(term, 0))["la"]
    assert folded(la)[0] == "là"
    assert la.alternatives[2].weight == pytest.approx(la.alternatives[1].weight / 10)


@given(CASED | ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_any_query_is_read_and_its_offsets_are_sound(query: str) -> None:
    for term in query_terms(query, LEXICON):
        assert 0 <= term.start < term.end <= len(query)
        assert term.length == len(term.alternatives[0].syllables)
        assert (term.kind == "word") == (term.length > 1)


def test_of_a_very_long_query_the_beginning_is_read() -> None:
    assert len([one for one in query_terms("mai " * 100_000, LEXICON) if one.kind == "syllable"]) == 250


# ---- folding ---------------------------------------------------------------------------------------------------

SYLLABLE_LIKE = st.text("aăâáàảãạấbcdđeêếnoôơớuưyỹ_", max_size=8)


@given(st.sets(SYLLABLE_LIKE | ANY_TEXT, max_size=30), SYLLABLE_LIKE)
@settings(deadline=None)
def test_the_array_on_disk_and_the_dictionary_in_memory_answer_alike(terms: set[str], query: str) -> None:
    listed = sorted(terms)
    stored = FoldedOrder(folded_order(listed), listed.__getitem__)
    memory = FoldedTerms(listed)
    for folded_form in {fold(query), *map(fold, listed)}:
        expected = sorted(term for term in listed if fold(term) == folded_form != term)
        assert stored.folding_to(folded_form) == memory.folding_to(folded_form) == expected


@given(st.lists(ANY_TEXT | SYLLABLE_LIKE, max_size=20))
def test_folding_many_is_folding_each(terms: list[str]) -> None:
    assert fold_many(terms) == [fold(term) for term in terms]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mai_dam", ("mại_dâm",)),
        ("mại_dam", ("mại_dâm",)),
        ("mái_dam", ()),
        ("la", ("là", "lá", "lạ")),
        ("là", ()),
        ("dam", ("dâm", "đảm")),
        ("đam", ("đảm",)),
        ("hiv", ()),
        ("", ()),
    ],
)
def test_expansions_are_the_terms_that_were_typed_short(typed: str, expected: tuple[str, ...]) -> None:
    assert expansions(typed, LEXICON) == expected


# ---- synonyms --------------------------------------------------------------------------------------------------


def others(query: str, part: str | None = None, **options: object) -> dict[str, float]:
    (term,) = [
        one
        for one in query_terms(query, LEXICON, **options)  # type: ignore[arg-type]
        if query[one.start : one.end] == (part or query)
    ]
    return {" ".join(one.syllables): one.weight for one in term.alternatives if one.kind in ("synonym", "abbreviation")}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("UBND", "uỷ ban nhân dân"), ("ủy ban nhân dân", "ubnd"), ("pc04", "phòng cảnh sát ma tuý"),
        ("TP.HCM", "hồ chí minh"), ("HCM", "sài gòn"), ("MTTH", "ma tuý tổng hợp"), ("gái gọi", "gái mại dâm"),
        ("hàng đá", "ma tuý đá"), ("ke", "ketamine"), ("cỏ Mỹ", "xlr 11"), ("tem giấy", "lsd"),
        ("bóng cười", "n2o"), ("buôn người", "mua bán người"), ("mua bán người", "buôn người"),
        ("lừa bán", "bán sang"), ("nghệ sĩ", "ca sỹ"), ("nghệ sĩ", "diễn viên"), ("nghệ sĩ", "người mẫu"),
        ("HIV", "hiv aids"), ("AIDS", "sida"), ("CA", "công an"), ("methadon", "methadone"),
    ],
)  # fmt: skip
def test_words_of_the_field_find_their_like(query: str, found: str) -> None:
    weights = {**others(query)} if len(query_terms(query)) == 1 else others(query, query)
    assert 0 < weights[found] < 1


@pytest.mark.parametrize(("query", "absent"), [("ca sĩ", "nghệ sỹ"), ("công an", "ca"), ("ketamine", "ke")])
def test_a_single_direction_is_not_taken_back(query: str, absent: str) -> None:
    assert absent not in others(query)


def test_an_abbreviation_that_is_another_word_counts_in_capitals_only() -> None:
    assert "công an" in others("CA Sơn La", "CA")
    assert others("ca sĩ", "ca") == others("ca", "ca") == {}
    assert others("MẤY CA NÔ", "CA") == {}


def test_a_synonym_is_found_without_marks_too_and_weighs_less() -> None:
    assert others("gai goi")["gái mại dâm"] < others("gái gọi")["gái mại dâm"]


def test_there_are_more_than_a_hundred_groups_and_each_names_a_source_that_exists() -> None:
    import tomllib

    data = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    entries = [entry for kind in ("abbreviation", "synonym", "narrower") for entry in data[kind]]
    assert len(entries) > 100
    assert {entry["source"] for entry in entries} == set(data["sources"])


OWN = """
[[synonym]]
words = ["đá", "hàng lạnh"]
source = "riêng"
weight = 0.7
"""


def test_a_users_file_adds_to_the_built_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    assert others("hàng lạnh", synonyms=load_synonyms(path)) == {"đá": 0.7}
    monkeypatch.setenv("SEARCHER_SYNONYMS", str(path))
    assert "mua bán người" in others("buôn người") and "đá" in others("hàng lạnh")


def test_a_users_file_can_replace_the_built_in_one(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("replace = true\n" + OWN, encoding="utf-8")
    assert len(load_synonyms(path).words()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[[synonym]]\nwords = 3",
        "[[synonym]]\nwords = []",
        "[[synonym]]\nwords = ['...']",
        "[[synonym]]\nword = ['a']",
        "[[synonym]]\nwords = ['a', 'b']\nweight = 2",
        "[[synonym]]\nwords = ['a', 'b']\nweight = 'x'",
        "[[abbreviation]]\nshort = 'a'",
        "[[narrower]]\nword = 'a'\nfinds = [1]",
        "synonym = 1",
        "synonym = [1]",
        "not toml",
        "[[synonym]]\nwords = ['a', '" + "b " * 99 + "']",
    ],
)
def test_a_malformed_file_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SynonymFileError, match=r"own\.toml"):
        load_synonyms(path)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_bytes(b"\xff")])
def test_an_unreadable_file_is_one_clear_error(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "own.toml")
    with pytest.raises(SynonymFileError, match=r"own\.toml"):
        load_synonyms(tmp_path / "own.toml")
