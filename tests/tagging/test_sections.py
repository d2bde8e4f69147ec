"""What is found by the numbers of symbols is what a search of every place finds."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.article import Article
from searcher.facts.lexicon import lexicon
from searcher.facts.numbers import is_number, numbers
from searcher.tagging import sections as sections_module
from searcher.tagging import symbols as symbols_module
from searcher.tagging import tag_scored
from searcher.tagging.gazetteer import place_trie
from searcher.tagging.sections import Section, sections
from searcher.tagging.symbols import SymbolTable, lower_case, symbols
from searcher.tagging.topics import topic_trie
from searcher.tagging.trie import Trie

_SENTENCE = (
    "công an tỉnh Hà Nội Hà Nam SƠN LA TP. Vinh, bắt 2 đối tượng mua bán ma túy; 1.680,71 gam 2kg hai mươi ba người "
    "mại dâm, môi giới Quận 5 khởi tố bị cáo năm 2019. (HIV/AIDS) án tử hình Điện Biên Phủ ẞa İt"
)
_WORDS = _SENTENCE.split()
_texts = st.lists(
    st.one_of(st.sampled_from(_WORDS), st.text(string.ascii_letters + "0123456789.,àÁĐđ", max_size=6)), max_size=40
)


def _sections(parts: list[list[str]]) -> tuple[Section, ...]:
    title, lead, body = (" ".join(part) for part in parts)
    return sections(Article(title=title, lead=lead, body=body))


@settings(deadline=None)  # the first one loads the tables
@given(st.lists(_texts, min_size=3, max_size=3))
def test_a_section_finds_what_its_trie_finds_in_its_symbols(parts: list[list[str]]) -> None:
    for section, words in zip(_sections(parts), parts, strict=True):
        assert section.symbols == symbols(" ".join(words))
        assert section.low == lower_case(section.symbols)
        assert section.find(place_trie(), capitals=True) == place_trie().find(section.symbols)
        for trie in (topic_trie(), lexicon()):
            assert section.find(trie) == trie.find(section.low)  # type: ignore[type-var]


@settings(deadline=None)
@given(st.lists(_texts, min_size=3, max_size=3), st.integers(0, 30), st.integers(0, 60))
def test_a_part_of_a_section_has_the_words_and_numbers_of_its_symbols(
    parts: list[list[str]], start: int, stop: int
) -> None:
    for section in _sections(parts):
        low = section.low[start:stop]
        assert section.find_within(lexicon(), start, stop) == lexicon().find(low)
        assert section.places(is_number, start, stop) == [at for at, one in enumerate(low) if is_number(one)]
        assert numbers(low, section.places(is_number, start, stop)) == numbers(low)


def test_an_entry_that_is_added_later_is_found() -> None:
    trie = Trie([(("một",), 1)])
    section = sections(Article(title="một hai ba"))[0]
    assert [match.value for match in section.find(trie)] == [1]
    trie.add(("hai", "ba"), 2)
    again = sections(Article(title="một hai ba."))[0]
    assert [match.value for match in again.find(trie)] == [1, 2]


def test_a_table_that_is_full_is_made_anew_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbols_module, "_MOST_KNOWN", 40)
    monkeypatch.setattr(symbols_module, "_tables", [SymbolTable()])
    made = set()
    for number in range(30):
        article = Article(title="Công an Hà Nội bắt ma túy", body=f"Bài {number} được nghĩ ra: a{number} b{number}.")
        tagged = tag_scored(article).article
        assert (tagged.provinces, tagged.topics) == (("Hà Nội",), ("ma-tuy",))
        made.add(symbols_module._tables[0])
    assert len(made) > 1


def test_of_a_long_section_only_its_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections_module, "MOST_SYMBOLS", 5)
    title, lead, body = sections(
        Article(title="một hai ba bốn", lead="một hai ba bốn năm sáu bảy", body="Hà Nội. " * 9)
    )
    assert title.low == ["một", "hai", "ba", "bốn"]
    assert lead.low == ["một", "hai", "ba", "bốn", "năm"]
    assert body.symbols == ["Hà", "Nội", ".", "Hà", "Nội"]
    assert [match.start for match in body.find(place_trie(), capitals=True)] == [0, 3]
