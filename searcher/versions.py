"""Several versions of a page: fetched twice, saved by hand, summed up in a feed. The fullest and latest one counts."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.sources import Item

_Rank = tuple[bool, float]


def _rank(item: Item) -> _Rank:
    """A page comes before its summary in a feed; else what was saved later comes before the rest."""
    return bool(item.article.body), item.saved.timestamp() if item.saved else 0.0


class Versions:
    """The versions of pages that a run over the sources has met, by the id that a page's address makes."""

    def __init__(self) -> None:
        self._taken: dict[str, _Rank] = {}
        self._others: dict[str, Item] = {}

    def taken(self, article_id: str, item: Item) -> None:
        """Say that this version is the one in the index now."""
        self._taken[article_id] = _rank(item)

    def other(self, article_id: str, item: Item) -> None:
        """Say that there is this version too; only the best of these is held."""
        best = self._others.get(article_id)
        if best is None or _rank(item) > _rank(best):
            self._others[article_id] = item

    def better(self) -> Iterator[Item]:
        """Yield the versions that are to replace the ones in the index, at the end of the run."""
        for article_id, item in self._others.items():
            taken = self._taken.get(article_id)
            if _rank(item) > taken if taken else item.article.body:
                yield item
