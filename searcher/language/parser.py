"""The query language: what a person types to a `ParsedQuery`. docs/query-language.md has an example of everything.

It is Whoosh's parser with plugins of its own (`syntax.py`); this module turns their nodes into query trees. Words go
through `searcher.analysis.query_terms`, so that each carries what it may stand for. Nothing is an error: what can't be
parsed is searched as plain words, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from msgspec.structs import replace
from whoosh import query as wq
from whoosh.qparser import QueryParser
from whoosh.qparser.syntax import GroupNode, SyntaxNode, WordNode

from searcher.analysis import Alternative, QueryTerm, canonical, is_marked, normalize, query_terms
from searcher.language import syntax
from searcher.language.addresses import MAX_ADDRESSES, Addresses
from searcher.language.cutting import cut
from searcher.language.periods import find_period
from searcher.language.readings import with_names
from searcher.language.restoration import with_marks
from searcher.language.tree import FIELD_BOOSTS, Mark, ParsedQuery, Unit, any_of, joined
from searcher.language.values import NARROWING, filter_for, refusal, today_in_vietnam, words_of_value
from searcher.language.vocabulary import NoVocabulary, Vocabulary
from searcher.messages import _, number
from searcher.tagging import find_places

MAX_CHARS: Final = 1000
"""Characters of a query that are read."""
MAX_UNITS: Final = 64
"""Words and phrases of a query that are searched for."""
MAX_PATTERNS: Final = 6
"""Different prefixes and rough spellings of a query that are searched for."""
_WORDS: Final = re.compile(r"[\w ]+")
_MAX_NOTES: Final = 5
_MAX_EXPANDED: Final = 64
_MAX_READINGS: Final = 16
_SURE: Final = 0.5
"""Weight from which on a reading of what was typed without marks is taken away by NOT."""


def parse_query(text: str, vocabulary: Vocabulary | None = None, *, today: date | None = None) -> ParsedQuery:
    """Return what the query says, to an index with this vocabulary; `today` is what 'tuần này' is reckoned from."""
    reader = Language(vocabulary or NoVocabulary(), today or today_in_vietnam())
    return reader.read(text)


def too_long() -> str:
    """Return the sentence that says that a query has more than `MAX_CHARS`."""
    return _("Only the first {count} characters of the query were read.").format(count=number(MAX_CHARS))


class Language(QueryParser):
    """Reads one query: Whoosh's parser, with what it collects besides the tree."""

    def __init__(self, vocabulary: Vocabulary, today: date) -> None:
        super().__init__(None, None, plugins=[], group=syntax.Together)
        self.plugins.clear()  # what Whoosh always adds: it would part a run of words, and they depend on each other
        self.vocabulary = vocabulary
        self.today = today
        self.vietnamese_operators = True
        self.notes: list[str] = []
        self.units: list[Unit] = []
        self.terms: list[QueryTerm] = []
        self.marks: dict[tuple[str, ...], Mark] = {}
        self._position = 0
        self._factor = 1.0
        self._addresses = 0
        self._taken_away = False
        self._known: dict[tuple[object, ...], wq.Query | None] = {}
        self._patterns: dict[tuple[object, ...], wq.Query] = {}

    def read(self, text: str) -> ParsedQuery:
        """Return what the text says."""
        plain = self._readable(text)
        if plain.strip() in ("", "*", "*:*"):
            return ParsedQuery(None, None, notes=tuple(self.notes))
        self._choose_operators(plain)
        required: list[wq.Query] = []
        optional: list[wq.Query] = []
        narrowing: list[wq.Query] = []
        for node, clause in self._clauses(self.process(plain)):
            if syntax.narrows(node):
                narrowing.append(clause)
            elif isinstance(node, WordNode):
                optional += clause.subqueries if isinstance(clause, wq.And) else [clause]
            else:
                required.append(clause)
        if not (required or optional or narrowing):
            self.note(_("There is no word in this query, so it finds every article."))
        required = list({id(clause): clause for clause in required}.values())  # what is typed again is the same object
        strict = joined(wq.And, required + optional)
        relaxed = joined(wq.And, [*required, wq.Or(optional)]) if len(optional) > 1 else strict
        return ParsedQuery(
            strict,
            relaxed,
            self.marks,
            joined(wq.And, narrowing),
            tuple(self.units),
            tuple(self.terms),
            tuple(dict.fromkeys(self.notes))[:_MAX_NOTES],
            bool(required) or any(one.quoted or one.pattern or len(one.fields) == 1 for one in self.units),
        )

    def process(self, text: str, pos: int = 0, debug: bool = False) -> GroupNode:
        """Return the nodes of a text; one of nothing but words, as most are, is a run of them without more ado."""
        if _WORDS.fullmatch(text) and not syntax.has_operator(text):
            return self.group([syntax.Run(text)])
        if not self.plugins:
            self.add_plugins([*syntax.PLUGINS, Addresses()])
        return super().process(text, pos, debug)

    def note(self, sentence: str) -> None:
        """Tell the reader something about how the query was read."""
        self.notes.append(sentence)

    # What the syntax asks for while it arranges nodes

    def first_word(self, field: str | None, text: str) -> int:
        """Return where the first word of a run ends: of several syllables where they are one; or a field's value."""
        if field in NARROWING:
            return syntax.end_of_words(text, words_of_value(field, text, self.vocabulary, self.today))
        words = self._words_in(text)
        return words[0].end if words else len(text)

    def last_word(self, text: str) -> int:
        """Return where the last word of a run begins."""
        words = self._words_in(text)
        return words[-1].start if words else 0

    def comparison(self, name: str, value: str) -> wq.Query | None:
        """Return the filter for a fact that is compared, "heroin>10kg"; None where it can't be."""
        from searcher.language.measures import compared  # few queries compare facts

        return compared(name, value)

    def narrowing_filter(self, field: str, value: str) -> wq.Query | None:
        """Return the filter for a field's value, or None, with a note, where the field has no such value."""
        found = filter_for(field, value, self.vocabulary, self.today)
        if found is None:
            self.note(refusal(field, syntax.shortened(value)))
        return found

    def period(self, text: str) -> wq.Query | None:
        """Return the filter for words that name a period, or None where they name none."""
        return filter_for("date", text, self.vocabulary, self.today)

    # What nodes ask for when they become queries

    def address(self, addresses: wq.Query, words: str) -> wq.Query | None:
        """Return the tree of articles of such addresses, or with these words one after the other; "" for none."""
        terms = self._terms_of(words)
        position = self._advance(terms)
        readings = self._readings(self._cut(terms))
        self._addresses += 1
        found = None if self._addresses > MAX_ADDRESSES else addresses
        said = self._unit(readings, position, None, 1.0, quoted=True) if readings else None
        clauses = [clause for clause in (found, said) if clause is not None]
        return joined(wq.Or, clauses)

    def term_query(
        self, fieldname: Any, text: Any, termclass: Any, boost: Any = 1.0, tokenize: Any = True, removestops: Any = True
    ) -> wq.Query | None:
        """Return the tree of a run of plain words, each as long as it can be; None where it has no word."""
        terms = self._terms_of(text)
        position = self._advance(terms)
        if not self._taken_away:
            self.terms += [replace(term, position=term.position + position) for term in terms]
            if (period := find_period(text)) and fieldname is None:
                self.note(_("For the articles of these days: date:'{period}'").format(period=period))
        clauses = [
            self._unit(word.alternatives, position + word.position, fieldname, boost) for word in self._cut(terms)
        ]
        return joined(wq.And, list({id(clause): clause for clause in clauses if clause is not None}.values()))

    def phrase(self, fieldname: str | None, text: str, slop: int, boost: float) -> wq.Query | None:
        """Return the tree of a phrase in quotes: literal, or with the marks that it was typed without."""
        terms = self._terms_of(text)
        position = self._advance(terms)
        readings = self._readings(self._cut(terms))
        if not readings:
            return None
        if not self._taken_away:
            self.terms += [replace(term, position=term.position + position) for term in terms]
        return self._unit(readings, position, fieldname, boost, quoted=True, slop=slop)

    def root(self, fieldname: str | None, text: str, boost: float) -> wq.Query | None:
        """Return the tree of words that start with a text."""
        prefix = canonical(text.lower())
        fields = self._fields(fieldname)
        if (known := self._known_pattern(f"{prefix}*", fields, boost)) is not None:
            return known[0]
        clauses: list[wq.Query] = [
            wq.Prefix(field, prefix, boost=self._factor * boost * FIELD_BOOSTS[field]) for field in fields
        ]
        expanded = list(self.vocabulary.starting_with(prefix, _MAX_EXPANDED))
        if not is_marked(prefix):
            folded = self.vocabulary.starting_with(prefix, _MAX_EXPANDED, folded=True)
            marked = [term for term in folded if not term.startswith(prefix)]
            clauses += _terms(marked, fields, self._factor * boost)
            expanded += marked
        return self._expanded_unit(f"{prefix}*", clauses, expanded, fields, boost)

    def roughly(self, fieldname: str | None, text: str, distance: int, boost: float) -> wq.Query | None:
        """Return the tree of words that differ from a text in so many letters at most."""
        term = canonical(text.lower())
        fields = self._fields(fieldname)
        if (known := self._known_pattern(f"{term}~{distance}", fields, boost)) is not None:
            return known[0]
        clauses: list[wq.Query] = [
            wq.FuzzyTerm(field, term, self._factor * boost * FIELD_BOOSTS[field], distance) for field in fields
        ]
        near = [term, *self.vocabulary.near(term, distance, _MAX_EXPANDED)]
        return self._expanded_unit(f"{term}~{distance}", clauses, near, fields, boost)

    @contextmanager
    def scaled(self, factor: float) -> Iterator[None]:
        """Weigh what is read inside by the factor."""
        before = self._factor
        self._factor *= factor
        yield
        self._factor = before

    @contextmanager
    def taking_away(self) -> Iterator[None]:
        """Read what is inside as something that articles must not have."""
        before, self._taken_away = self._taken_away, True
        yield
        self._taken_away = before

    def _readable(self, text: str) -> str:
        if len(text) > MAX_CHARS:
            self.note(too_long())
            text = text[:MAX_CHARS]
        return " ".join(normalize(text).split())

    def _choose_operators(self, text: str) -> None:
        """In a Vietnamese query typed in capitals throughout, VÀ, HOẶC, KHÔNG are words like the others."""
        if not text.isupper():
            return
        others = syntax.without_operators(text)
        if others.isupper() and is_marked(others):
            self.vietnamese_operators = False
            if syntax.has_vietnamese_operator(text):
                self.note(_("All is in capitals, so VÀ, HOẶC, KHÔNG were read as words; AND, OR, NOT are operators."))

    def _clauses(self, node: SyntaxNode) -> Iterator[tuple[SyntaxNode, wq.Query]]:
        """The nodes that must all hold, each with its tree; plain brackets and AND make no difference."""
        if isinstance(node, syntax.Together | syntax.AllOf) and node.boost == 1.0:
            for child in node:
                for found, clause in self._clauses(child):
                    # Words under AND are wanted all, so they are told from plain ones by being a group.
                    yield (node if isinstance(node, syntax.AllOf) and isinstance(found, WordNode) else found), clause
            return
        clause = node.query(self)
        if clause is not None:
            yield node, clause

    def _terms_of(self, text: str) -> Sequence[QueryTerm]:
        terms = query_terms(text, self.vocabulary, frequency=self.vocabulary.frequency)
        return with_names(with_marks(terms), find_places(text))

    def _words_in(self, text: str) -> list[QueryTerm]:
        return self._cut(self._terms_of(text))

    def _cut(self, terms: Sequence[QueryTerm]) -> list[QueryTerm]:
        return cut(terms, self.vocabulary.frequency, self.vocabulary.size())

    def _fields(self, fieldname: str | None) -> tuple[str, ...]:
        return (fieldname,) if fieldname else tuple(FIELD_BOOSTS)

    def _advance(self, terms: Sequence[QueryTerm]) -> int:
        """Return the position of the first of these terms in the query; what comes next does not adjoin them."""
        position = self._position
        self._position += 1 + max((term.position + term.length for term in terms), default=0)
        return position

    def _unit(
        self,
        alternatives: Sequence[Alternative],
        position: int,
        fieldname: str | None,
        boost: float,
        *,
        quoted: bool = False,
        slop: int = 1,
    ) -> wq.Query | None:
        fields = self._fields(fieldname)
        if self._taken_away:
            return any_of(filter(_is_meant, alternatives), fields, slop=slop)
        weight = self._factor * boost
        key = (tuple(alternatives), fields, weight, slop)
        if key not in self._known:
            self._known[key] = None
            if len(self.units) < MAX_UNITS:
                clause = any_of(alternatives, fields, boost=weight, slop=slop)
                for one in alternatives:
                    self.marks.setdefault(one.syllables, Mark(len(self.units), one.weight))
                self.units.append(Unit(tuple(alternatives), position, fields, clause, weight, quoted))
                self._known[key] = clause
            else:
                self.note(_("Only the first {count} words of the query were searched for.").format(count=MAX_UNITS))
        return self._known[key]

    def _known_pattern(self, pattern: str, fields: tuple[str, ...], boost: float) -> tuple[wq.Query | None] | None:
        """The tree of a pattern that was read before, or none where there are too many; None for a new one.

        Each stands for many terms, so a query of hundreds would take seconds.
        """
        key = (pattern, fields, self._factor * boost, self._taken_away)
        if key in self._patterns:
            return (self._patterns[key],)
        if len(self._patterns) < MAX_PATTERNS:
            return None
        self.note(_("Only the first {count} words with * or ~ were searched for.").format(count=MAX_PATTERNS))
        return (None,)

    def _expanded_unit(
        self, pattern: str, clauses: list[wq.Query], expanded: Sequence[str], fields: tuple[str, ...], boost: float
    ) -> wq.Query:
        clause = wq.Or(clauses)
        position, self._position = self._position, self._position + 2
        if not self._taken_away:
            for term in expanded:
                self.marks.setdefault(tuple(term.split("_")), Mark(len(self.units), 1.0))
            terms = tuple(dict.fromkeys(expanded))[:_MAX_EXPANDED]
            self.units.append(Unit((), position, fields, clause, self._factor * boost, pattern=pattern, expanded=terms))
        self._patterns[(pattern, fields, self._factor * boost, self._taken_away)] = clause
        return clause

    def _readings(self, words: Sequence[QueryTerm]) -> list[Alternative]:
        """The phrases that words one after the other may stand for, likeliest first."""
        phrases = [Alternative((), 1.0, "literal")]
        for word in words:
            literal, *others = word.alternatives
            folded = [one for one in others if one.kind == "folded" and self._has(one)]
            longer = [
                Alternative(
                    phrase.syllables + one.syllables,
                    phrase.weight * one.weight,
                    "literal" if phrase.kind == one.kind == "literal" else "folded",
                )
                for phrase in phrases
                for one in (literal, *folded)
            ]
            phrases = sorted(longer, key=lambda one: (one.kind != "literal", -one.weight))[:_MAX_READINGS]
        return phrases if words else []

    def _has(self, alternative: Alternative) -> bool:
        return all(syllable in self.vocabulary for syllable in alternative.syllables)


def _is_meant(alternative: Alternative) -> bool:
    return alternative.kind == "literal" or (alternative.kind == "folded" and alternative.weight >= _SURE)


def _terms(terms: Sequence[str], fields: Sequence[str], boost: float) -> list[wq.Query]:
    return [wq.Term(field, term, boost=boost * FIELD_BOOSTS[field]) for term in terms for field in fields]
