"""Hostile queries, with every option, against a sound index."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import searcher
from benchmarks.common import SEEDS
from benchmarks.hostilequeries import LARGE, SIGNS

_DAYS: Final = (date.min, date(2019, 1, 1), date(2021, 3, 4), date.max)


class Queries:
    """Asks an index of the seeds whatever can be typed."""

    name = "queries"

    def __init__(self, folder: Path) -> None:
        searcher.index_paths(folder / "index", [SEEDS])
        self._index = searcher.open_index(folder / "index")
        self._words = sorted(
            {word for hit in self._index.search("", limit=50).hits for word in hit.article.body.split()}
        )

    def attempt(self, random: Random) -> str:
        """Ask one thing; returns what was asked. Raises what was not caught."""
        text = self._text(random)
        asked: dict[str, Any] = {"limit": random.choice((0, 1, 10, 1000)), "offset": random.choice((0, 0, 3, 10**6))}
        asked["sort"] = random.choice(("relevance", "newest", "oldest"))
        for name in ("since", "until"):
            if random.random() < 0.2:
                asked[name] = random.choice(_DAYS)
        if random.random() < 0.2:
            asked["topics"] = [random.choice(("ma-tuy", "mai-dam", "", "x"))]
        if random.random() < 0.2:
            asked["provinces"] = [random.choice(("Sơn La", "son la", "", "Nơi Khác"))]
        said = f"{text[:200]!r} {asked}"
        try:
            self._ask(text, asked, random)
        except searcher.SearcherError:
            return said
        except BaseException as error:
            error.add_note(said)
            raise
        return said

    def _ask(self, text: str, asked: dict[str, Any], random: Random) -> None:
        match random.randrange(8):
            case 0:
                self._index.suggest(text)
            case 1:
                self._index.trends(text, by=random.choice(("year", "month", "province", "topic")))
            case 2:
                list(self._index.export(text))
            case 3:
                self._index.get(text)
            case _:
                self._index.search(text, explain=random.random() < 0.3, **asked)

    def _text(self, random: Random) -> str:
        if random.random() < 0.01:
            return random.choice(list(LARGE.values()))
        pieces = [random.choice(SIGNS if random.random() < 0.6 else self._words) for _ in range(random.randint(0, 14))]
        text = random.choice(("", " ")).join(pieces)
        if random.random() < 0.2 and text:
            at = random.randrange(len(text))
            text = text[:at] + chr(random.choice((*range(32), 0x300, 0xD800, 0xFFFF, 0x1F600))) + text[at:]
        return text * random.choice((1, 1, 1, 1, 50))
