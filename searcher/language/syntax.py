"""The marks of the query language, as plugins, taggers and nodes of Whoosh's parser.

Filters run in this order of priority:

    0 brackets become groups             60 ^boost goes to what stands before it
    40 what looks like syntax and is     70 runs of spaces go
       none becomes words               100 fields go to what stands after them (Whoosh)
    50 runs of words are cut where      110 fields that narrow become filters
       only their first or last         590 operators without operands become words
       word is meant                    600 operators become groups (Whoosh)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from whoosh import query as wq
from whoosh.qparser import plugins, syntax
from whoosh.qparser.taggers import RegexTagger

from searcher.language.tree import joined
from searcher.language.values import NARROWING
from searcher.language.words import field_named
from searcher.messages import _

MAX_DEPTH: Final = 16
"""Brackets inside brackets that are read."""
MAX_BOOST: Final = 100.0
LEAST_ROOT: Final = 3
"""Letters that a prefix needs."""
_MIN_BOOST: Final = 0.01
_SHOWN_CHARS: Final = 40

_VIETNAMESE: Final = {"VÀ": "and", "VA": "and", "HOẶC": "or", "HOAC": "or", "KHÔNG": "not", "KHONG": "not"}
_ENGLISH: Final = {"AND": "and", "OR": "or", "NOT": "not"}
_OPEN_QUOTES: Final = '"“”„«'
_CLOSE_QUOTES: Final = '"“”»'
_BEFORE: Final = rf"(?<![^\s(){_CLOSE_QUOTES}])"
_AFTER: Final = rf"(?![^\s(){_OPEN_QUOTES}])"
_WORDS: Final = (*_VIETNAMESE, *_ENGLISH)
_OPERATORS: Final = rf"{_BEFORE}(?:{'|'.join(_WORDS)}){_AFTER}"
_STRAY: Final = rf"\S*(?:[{_OPEN_QUOTES}»]|\w[*^~]+(?=\W|$)|(?<!\S)\*|\*(?=\w))\S*"


class Reader(Protocol):
    """What the syntax asks of who reads a query: about words and values while it arranges nodes, then for trees."""

    vietnamese_operators: bool

    def note(self, sentence: str) -> None:
        """Tell the person who typed the query how it was read."""

    def first_word(self, field: str | None, text: str) -> int:
        """Return where the first word of a run ends, or a field's value."""

    def last_word(self, text: str) -> int:
        """Return where the last word of a run begins."""

    def narrowing_filter(self, field: str, value: str) -> wq.Query | None:
        """Return the filter for a field's value, or None, with a note, where the field has no such value."""

    def comparison(self, name: str, value: str) -> wq.Query | None:
        """Return the filter for a fact that is compared, or None where it can't be."""

    def period(self, text: str) -> wq.Query | None:
        """Return the filter for words that name a period, or None where they name none."""

    def phrase(self, fieldname: str | None, text: str, slop: int, boost: float) -> wq.Query | None:
        """Return the tree of a phrase in quotes."""

    def root(self, fieldname: str | None, text: str, boost: float) -> wq.Query | None:
        """Return the tree of words that start with a text."""

    def roughly(self, fieldname: str | None, text: str, distance: int, boost: float) -> wq.Query | None:
        """Return the tree of words that differ from a text in so many letters at most."""

    def scaled(self, factor: float) -> AbstractContextManager[None]:
        """Weigh what is read inside by the factor."""

    def taking_away(self) -> AbstractContextManager[None]:
        """Read what is inside as something that articles must not have."""


Filter = Callable[[Reader, syntax.GroupNode], syntax.GroupNode]


def shortened(text: str) -> str:
    """Return a piece of a query as a note shows it: short, and nothing in it that a terminal would obey."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return shown if len(shown) <= _SHOWN_CHARS else shown[: _SHOWN_CHARS - 1] + "…"


def without_operators(text: str) -> str:
    """Return the text without the words that are operators."""
    return re.sub(_OPERATORS, " ", text)


def has_operator(text: str) -> bool:
    """Return whether a word in the text may be an operator."""
    return any(word in text for word in _WORDS) and re.search(_OPERATORS, text) is not None


def has_vietnamese_operator(text: str) -> bool:
    """Return whether a Vietnamese word in the text is an operator."""
    return any(match[0] in _VIETNAMESE for match in re.finditer(_OPERATORS, text))


def end_of_words(text: str, count: int) -> int:
    """Return where the first so many words of a text end."""
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    return ends[min(count, len(ends)) - 1] if ends else len(text)


# Nodes


class _Scaled:
    """A group whose boost goes down to the words in it, and that is itself where it holds one thing only."""

    nodes: list[syntax.SyntaxNode]
    boost: float
    qclass: Any

    def query(self, parser: Reader) -> wq.Query | None:
        """Return the tree of what is in the group; None where that is nothing."""
        with parser.scaled(self.boost):
            clauses = [node.query(parser) for node in self.nodes]
        return joined(self.qclass, [clause for clause in clauses if clause is not None])


class Together(_Scaled, syntax.AndGroup):
    """What stands side by side."""


class AllOf(_Scaled, syntax.AndGroup):
    """What AND joins."""


class AnyOf(_Scaled, syntax.OrGroup):
    """What OR joins."""


class Without(syntax.NotGroup):
    """What NOT or a minus takes away."""

    has_boost = False

    def query(self, parser: Reader) -> wq.Query | None:
        """Return the tree of all articles that have not what is inside."""
        with parser.taking_away():
            taken = self.nodes[0].query(parser) if self.nodes else None
        return None if taken is None else wq.And([wq.Every(), wq.Not(taken)])


class Run(syntax.WordNode):
    """A run of plain words that a filter made; Whoosh's own ones know their place in the query."""

    startchar = endchar = None


class PhraseNode(syntax.TextNode):
    """A phrase in quotes; `slop` is how far its words may stand apart, 1 for side by side."""

    def __init__(self, text: str, slop: int = 1) -> None:
        super().__init__(text)
        self.slop = slop

    def query(self, parser: Reader) -> wq.Query | None:
        """Return the tree of the phrase."""
        return parser.phrase(self.fieldname, self.text, self.slop, self.boost)


class RootNode(syntax.TextNode):
    """The start of words: 'tiền*'."""

    def query(self, parser: Reader) -> wq.Query | None:
        """Return the tree of the words that start so."""
        return parser.root(self.fieldname, self.text, self.boost)


class RoughNode(syntax.TextNode):
    """A word that may be spelled otherwise: 'gần~'."""

    def __init__(self, text: str, distance: int) -> None:
        super().__init__(text)
        self.distance = distance

    def query(self, parser: Reader) -> wq.Query | None:
        """Return the tree of the words that are spelled much the same."""
        return parser.roughly(self.fieldname, self.text, self.distance, self.boost)


class ValueNode(syntax.SyntaxNode):
    """The value of a field that narrows, as its filter."""

    def __init__(self, found: wq.Query) -> None:
        self._found = found

    def query(self, parser: Reader) -> wq.Query:
        """Return the filter."""
        return self._found


def narrows(node: syntax.SyntaxNode) -> bool:
    """Return whether a node only lets through or takes away, so that it adds nothing to scores."""
    if isinstance(node, Without | ValueNode):
        return True
    return isinstance(node, syntax.GroupNode) and bool(node.nodes) and all(map(narrows, node.nodes))


class _Minus(syntax.PrefixOperator):
    """The minus before a word: it takes away that word, where NOT takes away the whole run."""


# Plugins


class Phrases(plugins.Plugin):
    """ "Cụm từ" in straight or typographic quotes, with ~N for words that may stand apart."""

    class Tagger(RegexTagger):
        """Finds a phrase."""

        def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode:
            """Return its node."""
            return PhraseNode(match["text"], int(match["slop"] or 1))

    def taggers(self, parser: Reader) -> list[tuple[RegexTagger, int]]:
        """One tagger, before all others."""
        quoted = rf"[{_OPEN_QUOTES}](?P<text>[^{_OPEN_QUOTES}»]*)[{_CLOSE_QUOTES}](?:~(?P<slop>[1-9]\d?)(?!\w))?"
        return [(self.Tagger(quoted), -10)]


class TimeWords(plugins.Plugin):
    """Words for a period in single quotes: 'tuần này'."""

    class Tagger(RegexTagger):
        """Finds single quotes around what is a period."""

        def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode | None:
            """Return the filter's node, or None where the words are no period."""
            found = parser.period(match["text"])
            return None if found is None else ValueNode(found)

    def taggers(self, parser: Reader) -> list[tuple[RegexTagger, int]]:
        """One tagger."""
        return [(self.Tagger(rf"{_BEFORE}['‘](?P<text>[^'‘’\"]{{1,60}})['’]{_AFTER}"), 0)]


class Fields(plugins.FieldsPlugin):
    """tỉnh:, title: and the other fields of language.toml, for the word, phrase or brackets that follow."""

    class Tagger(RegexTagger):
        """Finds the name of a field before a colon."""

        def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode | None:
            """Return its node, or None where there is no such field."""
            field = field_named(match["name"])
            return None if field is None else syntax.FieldnameNode(field, match[0])

    def __init__(self) -> None:
        super().__init__(remove_unknown=False)

    def taggers(self, parser: Reader) -> list[tuple[RegexTagger, int]]:
        """One tagger."""
        name = r"(?<![\w/:.@])(?P<name>[^\W\d_]{1,12}(?:[ _-][^\W\d_]{1,8}){0,2}):[ ]?(?!/)"
        return [(self.Tagger(name), 0)]

    def filters(self, parser: Reader) -> list[tuple[Filter, int]]:
        """Whoosh's, and one that makes filters of fields that narrow."""
        return [(self.drop_idle, 80), (self.do_fieldnames, 100), (self.do_values, 110)]

    def drop_idle(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Make words of the names of fields after which there is nothing to look for."""
        for place, node in enumerate(group):
            if isinstance(node, syntax.GroupNode):
                self.drop_idle(parser, node)
            elif isinstance(node, syntax.FieldnameNode):
                after = group[place + 1] if place + 1 < len(group) else None
                if not (isinstance(after, syntax.GroupNode) or (after is not None and after.has_text)):
                    parser.note(_("Nothing stands after '{name}'.").format(name=shortened(node.original)))
                    group[place] = Run(node.original)
        return group

    def do_values(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Put filters in place of the texts whose field narrows; where a field knows no such value, plain words."""
        for place, node in enumerate(group):
            if isinstance(node, syntax.GroupNode):
                self.do_values(parser, node)
            elif node.has_fieldname and node.fieldname in NARROWING:
                found = parser.narrowing_filter(node.fieldname, node.text)
                group[place] = Run(node.text) if found is None else ValueNode(found)
        return group


class Comparisons(plugins.Plugin):
    """heroin>10kg, bị can>5: facts of a case that are compared with a number."""

    class Tagger(RegexTagger):
        """Finds a comparison."""

        def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode | None:
            """Return the filter's node, or None where what is compared has no such unit."""
            found = parser.comparison(match["name"], match["value"])
            return None if found is None else ValueNode(found)

    def taggers(self, parser: Reader) -> list[tuple[RegexTagger, int]]:
        """One tagger, before that of fields."""
        from searcher.language.measures import comparison_pattern

        return [(self.Tagger(comparison_pattern()), -5)]


class Roots(plugins.Plugin):
    """tiền* for words that start so, gần~ for words spelled much the same."""

    class RootTagger(RegexTagger):
        """Finds a word with an asterisk after it."""

        def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode | None:
            """Return its node; None for one or two letters, by which nearly every article would be found."""
            return RootNode(match["text"]) if len(match["text"]) >= LEAST_ROOT else None

    class RoughTagger(RegexTagger):
        """Finds a word with a tilde after it."""

        def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode | None:
            """Return its node."""
            return RoughNode(match["text"], int(match["distance"] or 1)) if len(match["text"]) > 1 else None

    def taggers(self, parser: Reader) -> list[tuple[RegexTagger, int]]:
        """A tagger for each."""
        word = r"(?<![\w*])(?P<text>\w{1,30})"
        return [
            (self.RootTagger(rf"{word}\*(?![\w*~])"), 0),
            (self.RoughTagger(rf"{word}~(?P<distance>[12])?(?![\w*~])"), 0),
        ]


class Brackets(plugins.GroupPlugin):
    """(Groups); brackets that have no partner, or are too deep, count for nothing."""

    def do_groups(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Return the flat group as a tree."""
        levels = [Together()]
        ignored = 0
        stray = False
        for node in group:
            if isinstance(node, self.OpenBracket):
                if len(levels) > MAX_DEPTH:
                    ignored += 1
                else:
                    levels.append(Together())
            elif isinstance(node, self.CloseBracket):
                if ignored:
                    ignored -= 1
                    stray = True
                elif len(levels) > 1:
                    closed = levels.pop()
                    levels[-1].append(closed)
                else:
                    stray = True
            else:
                levels[-1].append(node)
        if stray or len(levels) > 1:
            parser.note(_("Some brackets have no partner or are too deep; they were left out."))
        for level in levels[1:]:
            levels[0].extend(level.nodes)
        return levels[0]


class Operators(plugins.OperatorsPlugin):
    """AND, OR, NOT and VÀ, HOẶC, KHÔNG in capitals between what they join, and the minus before a word.

    An operator takes what stands next to it: a run of words, a phrase, a field with its value, or brackets. NOT binds
    most, then AND, then OR, then standing side by side.
    """

    class Tagger(plugins.OperatorsPlugin.OpTagger):
        """Finds the words of one operator."""

        def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode | None:
            """Return its node, or None where the word is none because all is in capitals."""
            if match[0] in _VIETNAMESE and not parser.vietnamese_operators:
                return None
            node: syntax.SyntaxNode = super().create(parser, match)
            return node

    def __init__(self) -> None:
        def tagger(meaning: str, group: type, kind: type = syntax.InfixOperator) -> Operators.Tagger:
            words = [word for word, means in (_VIETNAMESE | _ENGLISH).items() if means == meaning]
            return self.Tagger(rf"{_BEFORE}(?:{'|'.join(words)}){_AFTER}", group, kind)

        minus = plugins.OperatorsPlugin.OpTagger(r"(?<![^\s(])-(?=[^\s)-])", Without, _Minus)
        ops = [(tagger("not", Without, syntax.PrefixOperator), 0), (minus, 0)]
        super().__init__([*ops, (tagger("and", AllOf), 0), (tagger("or", AnyOf), 0)], clean=True)

    def filters(self, parser: Reader) -> list[tuple[Filter, int]]:
        """Whoosh's, after one that makes words of operators without operands."""
        return [(self.settle, 590), (self.do_operators, 600)]

    def settle(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Leave only operators that have what they need; the others become words, and NOT NOT is nothing."""
        settled: list[syntax.SyntaxNode] = []
        for node in reversed(group.nodes):
            if isinstance(node, syntax.GroupNode):
                node = self.settle(parser, node)
            after = settled[-1] if settled else None
            if isinstance(node, syntax.PrefixOperator):
                if isinstance(after, syntax.PrefixOperator):
                    settled.pop()
                    continue
                if after is None or isinstance(after, syntax.InfixOperator):
                    node = _as_word(parser, node)
            elif isinstance(node, syntax.InfixOperator) and (after is None or isinstance(after, syntax.InfixOperator)):
                node = _as_word(parser, node)
            settled.append(node)
        while settled and isinstance(settled[-1], syntax.InfixOperator):
            settled[-1] = _as_word(parser, settled[-1])
        copy = group.empty_copy()
        copy.extend(settled[::-1])
        return copy


def _as_word(parser: Reader, operator: syntax.Operator) -> syntax.SyntaxNode:
    parser.note(_("'{word}' has nothing to join; it was searched as a word.").format(word=operator.text))
    return Run(operator.text.lower())


class Boosts(plugins.BoostPlugin):
    """^2 after a word, a phrase or brackets: it counts for so much more, or for less."""

    expr = r"\^(?P<boost>\d{1,6}(?:[.,]\d{1,6})?)(?![\w^.,])"

    def create(self, parser: Reader, match: re.Match[str]) -> syntax.SyntaxNode:
        """Return the node, its boost between a hundredth and a hundred."""
        boost = float(match["boost"].replace(",", "."))
        return self.BoostNode(match[0], min(max(boost, _MIN_BOOST), MAX_BOOST))

    def filters(self, parser: Reader) -> list[tuple[Filter, int]]:
        """One filter."""
        return [(self.do_boost, 60)]

    def do_boost(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Give each boost to what stands right before it; where there is nothing, it counts for nothing."""
        weighed = group.empty_copy()
        for node in group:
            if isinstance(node, syntax.GroupNode):
                node = self.do_boost(parser, node)
            if not isinstance(node, self.BoostNode):
                weighed.append(node)
            elif weighed and weighed[-1].has_boost and not _ends_in_space(weighed[-1]):
                weighed[-1].set_boost(node.boost)
            else:
                parser.note(_("'{boost}' stands after nothing that it could weigh.").format(boost=node.original))
        return weighed


class PlainWords(plugins.Plugin):
    """Runs of plain words: cut where only their first or last word is meant, and searched for marks left over."""

    def filters(self, parser: Reader) -> list[tuple[Filter, int]]:
        """Three filters, each before what depends on it."""
        return [(self.tell_stray, 40), (self.cut, 50), (self.drop_blank, 70)]

    def tell_stray(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Note what looks like syntax and is none."""
        for node in group:
            if isinstance(node, syntax.GroupNode):
                self.tell_stray(parser, node)
            elif isinstance(node, syntax.WordNode) and (match := re.search(_STRAY, node.text)):
                piece = shortened(match[0])
                parser.note(
                    _("'{piece}' could not be read as a sign; it was searched as plain words.").format(piece=piece)
                )
        return group

    def cut(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Part from a run its first word after a field or a minus, and its last one before a boost."""
        parts = group.empty_copy()
        for place, node in enumerate(group):
            if isinstance(node, syntax.GroupNode):
                node = self.cut(parser, node)
            if not isinstance(node, syntax.WordNode):
                parts.append(node)
                continue
            before = group[place - 1] if place else None
            after = group[place + 1] if place + 1 < len(group) else None
            runs = [node]
            if isinstance(before, syntax.FieldnameNode | _Minus):
                field = before.fieldname if isinstance(before, syntax.FieldnameNode) else None
                runs = _cut_at(node, parser.first_word(field, node.text))
            if isinstance(after, Boosts.BoostNode) and not _ends_in_space(runs[-1]):
                runs[-1:] = _cut_at(runs[-1], parser.last_word(runs[-1].text))
            parts.extend(runs)
        return parts

    def drop_blank(self, parser: Reader, group: syntax.GroupNode) -> syntax.GroupNode:
        """Leave out runs without any text."""
        kept = group.empty_copy()
        for node in group:
            if isinstance(node, syntax.GroupNode):
                kept.append(self.drop_blank(parser, node))
            elif not isinstance(node, syntax.WordNode) or node.text.strip():
                kept.append(node)
        return kept


def _ends_in_space(node: syntax.SyntaxNode) -> bool:
    return isinstance(node, syntax.WordNode) and node.text[-1:].isspace()


def _cut_at(run: syntax.WordNode, place: int) -> list[syntax.WordNode]:
    parts: list[syntax.WordNode] = [Run(text) for text in (run.text[:place], run.text[place:]) if text]
    return parts or [run]


PLUGINS: Final = (Phrases, TimeWords, Comparisons, Fields, Roots, Brackets, Operators, Boosts, PlainWords)
"""Of these a parser takes one each."""
