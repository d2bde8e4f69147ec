"""Our codec against Whoosh's own: `python -m benchmarks.oracle [--minutes N] [--attempt NUMBER]`.

An attempt draws a schema, documents, commits of additions, updates and deletions, and searches with all of Whoosh's
options, and does them over both codecs: hits, order, scores, groups, matched terms and totals have to be the same. What
it does depends on its number alone. Where Whoosh itself raises over its own codec, nothing is compared.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from math import isclose
from pathlib import Path
from random import Random
from typing import Any, Final

from whoosh import analysis, columns, fields, formats, sorting
from whoosh import query as wq
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import RamStorage

from searcher import codec

WORDS: Final = (
    *("alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "running", "runner", "quick-step"),
    *("một", "hai", "ba", "Ma", "Túy", "ma", "túy", "x"),
)
_TAGS: Final = ("red", "green", "blue", "white")
_TOLERANCE: Final = 1e-5

TEXTS: Final[tuple[Callable[[], FieldType], ...]] = (
    fields.TEXT,
    lambda: fields.TEXT(stored=True, chars=True),
    lambda: fields.TEXT(analyzer=analysis.StemmingAnalyzer(), spelling=True),
    lambda: fields.TEXT(analyzer=analysis.FancyAnalyzer(), vector=True),
    lambda: fields.TEXT(analyzer=analysis.StandardAnalyzer(stoplist=None, minsize=1), field_boost=1.5),
    lambda: fields.TEXT(phrase=False, sortable=True),
    lambda: fields.NGRAMWORDS(minsize=2, maxsize=3),
    lambda: fields.FieldType(formats.PositionBoosts(), analysis.SimpleAnalyzer(), scorable=True, stored=True),
    lambda: fields.KEYWORD(scorable=True, lowercase=True),
)
"""What the fields that are searched may be."""


class Difference(Exception):
    """What is not the same over both codecs."""


def schema(random: Random) -> Schema:
    """Return a schema with some of everything."""
    made = Schema(
        id=fields.ID(stored=True, unique=True),
        tag=fields.KEYWORD(commas=random.random() < 0.5, sortable=random.random() < 0.5, stored=True),
        n=fields.NUMERIC(random.choice((int, float)), sortable=random.random() < 0.7, stored=True),
        day=fields.DATETIME(sortable=True),
        flag=fields.BOOLEAN(stored=True),
        mark=fields.COLUMN(random.choice((columns.NumericColumn("i", default=7), columns.RefBytesColumn()))),
        note=fields.STORED,
    )
    for name in "tuv"[: random.randint(1, 3)]:
        made.add(name, random.choice(TEXTS)())
    if random.random() < 0.3:
        made.add("dyn_*", random.choice(TEXTS[:2])(), glob=True)  # Whoosh's own writer fails with spelling there
    return made


def document(number: int, made: Schema, random: Random) -> dict[str, Any]:
    """Return a document for the schema, some of its fields left out."""
    whole: dict[str, Any] = {
        "tag": random.choice((",", " ")).join(random.sample(_TAGS, random.randint(0, 2))),
        "n": random.randint(-9, 9),
        "day": datetime(2020, 1, 1) + timedelta(hours=random.randrange(9000)),
        "flag": random.random() < 0.5,
        "mark": random.randrange(9) if isinstance(made["mark"].column_type, columns.NumericColumn) else b"m%d" % number,
        "note": random.choice((None, (1, "a"), {"x": [1]}, "text")),
    }
    for name in ("t", "u", "v", "dyn_a", "dyn_b"):
        if name in made:
            whole[name] = " ".join(random.choices(WORDS, k=random.randint(0, 14)))
    kept = {name: value for name, value in whole.items() if random.random() < 0.85}
    if random.random() < 0.05:
        kept["_boost"] = random.choice((0.5, 2.0))
    return {"id": f"d{number}", **kept}


class Twins:
    """The same documents over both codecs."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.schema = schema(random)
        self.stock = RamStorage().create_index(self.schema)  # type: ignore[no-untyped-call]
        codec.create(folder, self.schema)
        self.ours = codec.open_index(folder)
        self.held: dict[str, dict[str, Any]] = {}

    def commit(self, random: Random) -> None:
        """Add, update and delete; Whoosh's own updates forget what is not committed, so each id changes once."""
        writers = self.stock.writer(), self.ours.writer()
        known = list(self.held)
        for key in random.sample(known, min(len(known), random.randint(0, 6))):
            if random.random() < 0.5:
                del self.held[key]
                for writer in writers:
                    writer.delete_by_term("id", key)
            else:
                self._put(writers, "update_document", int(key[1:]), random)
        for number in range(len(known) + 1000 * len(known), len(known) * 1001 + random.randint(0, 200)):
            self._put(writers, "add_document", number, random)
        for writer in writers:
            writer.commit(merge=False)

    def _put(self, writers: tuple[Any, ...], how: str, number: int, random: Random) -> None:
        made = document(number, self.schema, random)
        self.held.pop(made["id"], None)
        self.held[made["id"]] = made
        for writer in writers:
            getattr(writer, how)(**made)

    def optimize(self) -> None:
        """Merge ours; Whoosh's own merges drift, so its index is made anew."""
        self.ours.optimize()
        self.stock = RamStorage().create_index(self.schema)  # type: ignore[no-untyped-call]
        writer = self.stock.writer()
        for made in self.held.values():
            writer.add_document(**made)
        writer.commit()


def query(made: Schema, random: Random, depth: int = 0) -> wq.Query:
    """Return a query tree."""
    name = random.choice([name for name in ("t", "u", "v", "dyn_a") if name in made])
    word = random.choice(WORDS).lower()
    leaves: tuple[Callable[[], wq.Query], ...] = (
        *(lambda: wq.Term(name, word, boost=random.choice((1.0, 1.0, 2.5))),) * 4,
        lambda: wq.Phrase(name, random.choices(WORDS, k=2), slop=random.choice((1, 1, 3))),
        lambda: wq.Prefix(name, word[:2]),
        lambda: wq.Wildcard(name, f"{word[:1]}*{word[-1:]}"),
        lambda: wq.FuzzyTerm(name, word, maxdist=1),
        lambda: wq.TermRange(name, *sorted(random.choices(WORDS, k=2))),
        lambda: wq.NumericRange("n", random.randint(-9, 0), random.randint(0, 9)),
        lambda: wq.DateRange("day", datetime(2020, 2, 1), datetime(2020, random.randint(3, 12), 1)),
        lambda: wq.Term("tag", random.choice(_TAGS)),
        lambda: wq.Term("flag", random.random() < 0.5),
        lambda: wq.Every(random.choice((None, name))),
    )
    if depth == 2 or random.random() < 0.4:
        return random.choice(leaves)()
    some = [query(made, random, depth + 1) for _ in range(random.randint(2, 4))]
    return random.choice(
        (
            lambda: wq.And(some),
            lambda: wq.Or(some),
            lambda: wq.Or(some, minmatch=2),
            lambda: wq.And([some[0], wq.Not(some[1])]),
            lambda: wq.ConstantScoreQuery(some[0], 2.0),
            lambda: wq.Require(some[0], some[1]),
        )
    )()


def options(made: Schema, random: Random) -> dict[str, Any]:
    """Return options of a search."""
    how: dict[str, Any] = {"limit": random.choice((None, None, 1, 3, 10, 50))}
    if random.random() < 0.25:
        names = [name for name in ("n", "day", "tag", "mark") if made[name].column_type]
        facets = [sorting.FieldFacet(name, reverse=random.random() < 0.3 and name in ("n", "day")) for name in names]
        how["sortedby"] = [*random.sample(facets, min(len(facets), 2)), sorting.FieldFacet("id")]
    for name in ("filter", "mask"):
        if random.random() < 0.2:
            how[name] = query(made, random, 1)
    if random.random() < 0.2:
        how["groupedby"] = sorting.FieldFacet("tag", allow_overlap=True, maptype=sorting.Count)
    if random.random() < 0.15:
        how["terms"] = True
    if random.random() < 0.1:
        how["collapse"] = sorting.FieldFacet("day")
    return how


def answer(index: Any, wanted: wq.Query, how: dict[str, Any]) -> Any:
    """Return what a search gives, as plain data."""
    with index.searcher() as searcher:
        results = searcher.search(wanted, **how)
        is_scored = "sortedby" not in how  # else it is a key, which may be a term's number in a segment
        hits = [(hit["id"], hit.fields(), hit.score if is_scored else 0) for hit in results]
        groups = dict(results.groups()) if "groupedby" in how else {}
        matched = sorted(results.matched_terms()) if how.get("terms") else []
        return len(results), hits, groups, matched


def attempt(number: int, folder: Path, searches: int = 30) -> None:
    """Do all that belongs to a number; raises Difference."""
    random = Random(number)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    twins = Twins(folder, random)
    for _ in range(random.randint(1, 4)):
        twins.commit(random)
    if random.random() < 0.4:
        twins.optimize()
    for _ in range(searches):
        wanted, how = query(twins.schema, random), options(twins.schema, random)
        try:
            expected = answer(twins.stock, wanted, how)
        except Exception:  # whatever Whoosh raises over its own codec is not ours to compare
            continue
        try:
            found = answer(twins.ours, wanted, how)
        except Exception as error:
            raise Difference(f"{wanted!r} {how}: {error!r}") from error
        if not _same(found, expected, is_limited=how["limit"] is not None):
            raise Difference(f"{wanted!r} {how}:\n  ours  {found}\n  stock {expected}")


def _same(found: Any, expected: Any, *, is_limited: bool) -> bool:
    if is_limited:  # totals are estimates then, made of blocks
        found, expected = (0, *found[1:]), (0, *expected[1:])
    if (found[0], found[2:]) != (expected[0], expected[2:]) or len(found[1]) != len(expected[1]):
        return False
    return all(
        one[:2] == other[:2]
        and (one[2] == other[2] or (isinstance(one[2], float) and isclose(one[2], other[2], rel_tol=_TOLERANCE)))
        for one, other in zip(found[1], expected[1], strict=True)
    )


def main() -> int:
    """Print what differs; returns 1 where anything does."""
    parser = argparse.ArgumentParser("python -m benchmarks.oracle", description="our codec against Whoosh's own")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--attempt", type=int, help="do this one again")
    parser.add_argument("--first", type=int, help="number of the first attempt, else the clock's")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.attempt is not None:
            attempt(given.attempt, Path(name) / "index")
            return 0
        number = first = int(time.time()) * 1000 if given.first is None else given.first
        until = time.monotonic() + given.minutes * 60
        differences = 0
        while time.monotonic() < until:
            try:
                attempt(number, Path(name) / "index")
            except Difference as difference:
                differences += 1
                print(f"--attempt {number}: {str(difference)[:600]}", flush=True)
            number += 1
    print(f"{number - first:,} attempts, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
