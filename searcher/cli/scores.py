"""How --explain looks: what the query was taken for, and a table of what each hit's score is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from searcher.cli.console import Console, topic_names
from searcher.harmless import harmless
from searcher.language.understanding import Understanding
from searcher.messages import _, number
from searcher.query.results import Hit
from searcher.ranking.explanation import Explanation, Reading, Word

_POINTS_WIDTH: Final = 6
_LABEL_WIDTH: Final = 24
_MOST_HITS: Final = 20  # a table wider than this is no longer read


def print_understanding(console: Console, explanation: Explanation, named: Understanding) -> None:
    """Print what the query names, and which words it was looked for by."""
    if pieces := "; ".join(_pieces(named)):
        console.print(Text.assemble((_("Understood: "), "bold"), pieces))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(_("looked for"))
    table.add_column(_("found as well"), ratio=1)
    table.add_column(_("articles"), justify="right")
    table.add_column(_("rarity"), justify="right")
    for word in explanation.words:
        as_typed = [one for one in word.readings if one.text == word.text]
        others = [one for one in word.readings if one.text != word.text]
        articles = number(as_typed[0].articles) if as_typed else "–"
        table.add_row(_label(word), ", ".join(map(_reading, others)) or "–", articles, number(word.rarity, 1))
    if explanation.words:
        console.print(table)
        console.print()


def print_scores(console: Console, explanation: Explanation, hits: Sequence[Hit]) -> None:
    """Print a table with a row for each part of the formula, and a column for each hit."""
    explained = [hit for hit in hits if hit.explanation]
    if not explained:
        return
    labels = _part_labels()
    fitting = max(1, min(_MOST_HITS, (console.width - _LABEL_WIDTH - _POINTS_WIDTH) // _POINTS_WIDTH))
    for start in range(0, len(explained), fitting):
        some = explained[start : start + fitting]
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", title_justify="left")
        table.add_column(_("score of hit"), min_width=_LABEL_WIDTH - 1)
        table.add_column(_("most"), justify="right", style="dim", min_width=_POINTS_WIDTH - 1)
        for hit in some:
            table.add_column(f"{hit.rank}", justify="right", min_width=_POINTS_WIDTH - 1)
        for part, most in explanation.parts.items():
            points = (_points(hit.explanation.get(part, 0.0)) for hit in some)
            table.add_row(labels.get(part, part), number(most, 1), *points)
        total = sum(explanation.parts.values())
        table.add_row(_("sum"), number(total, 1), *(number(hit.score, 1) for hit in some), style="bold")
        console.print(table)
        console.print()


def _part_labels() -> dict[str, str]:
    return {
        "text": _("syllables anywhere"),
        "pairs_head": _("pairs in title, lead"),
        "pairs_body": _("pairs in the body"),
        "words": _("words, synonyms"),
        "together": _("together in title, lead"),
        "coverage": _("how many of the words"),
        "topic": _("the topic named"),
        "place": _("the province named"),
        "recent": _("newer"),
    }


def _points(points: float) -> str:
    return number(points, 1) if points else "·"


def _pieces(named: Understanding) -> Iterator[str]:
    for place in named.places:
        provinces = ", ".join(place.provinces)
        yield provinces if provinces == place.name else f"{place.name} ({provinces})"
    if named.topics:
        yield _("topic {names}").format(names=topic_names(named.topics))
    if named.years:
        yield _("year {years}").format(years=", ".join(map(str, named.years)))


def _label(word: Word) -> Text:
    text = harmless(word.text)
    shown = Text(f'"{text}"' if word.quoted else text, "cyan")
    if word.boost != 1.0:
        shown.append(f" ^{word.boost:g}", "dim")
    if len(word.fields) == 1:
        shown.append(f" ({word.fields[0]})", "dim")
    return shown


def _reading(reading: Reading) -> str:
    weight = "" if reading.weight == 1.0 else f" ×{number(reading.weight, 2)}"
    return f"{harmless(reading.text)}{weight} ({number(reading.articles)})"
