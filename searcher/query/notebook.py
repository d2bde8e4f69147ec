"""How results look in a notebook: small tables as HTML, in which nothing of an article is markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice
from typing import Any, Final

from searcher.article import Article
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.query.snippets import as_html
from searcher.tagging import topics

_MOST_ROWS: Final = 100
Shown = tuple[int, Article, str]
"""A hit's rank, article and snippet."""


def results_table(query: str, total: int, notes: Sequence[str], hits: Sequence[Shown]) -> str:
    """Return a page of hits with lines above that say how many there are and how the query was read."""
    shown = _("{shown} of {total}").format(shown=number(len(hits)), total=number(total))
    lines = "".join(f"<p>{_text(note)}</p>" for note in notes)
    return f"<p><b>{_text(query)}</b> · {_text(shown)}</p>{lines}{hits_table(hits)}"


def hits_table(hits: Iterable[Shown]) -> str:
    """Return a table of hits."""
    heads = ("#", _("title"), _("date"), _("provinces"), _("topics"))
    return _table(heads, (_row(*one) for one in islice(hits, _MOST_ROWS)))


def trends_table(counts: Iterable[dict[str, Any]]) -> str:
    """Return a table with a line for each row and period, given as `Trends.to_dicts` has them."""
    heads = ("", _("period"), _("articles"), _("of all"))
    rows = (
        (_text(one["value"] or ""), _text(one["period"]), number(one["count"]), f"{number(100 * one['share'], 1)}%")
        for one in islice(counts, _MOST_ROWS)
    )
    return _table(heads, rows)


def _row(rank: int, article: Article, snippet: str) -> tuple[str, ...]:
    names, title = topics().names, _text(article.title)
    if article.url.startswith(("https://", "http://")):
        title = f'<a href="{escape(harmless(article.url))}" rel="noreferrer">{title}</a>'
    return (
        f"{rank}",
        f"{title}<br><small>{as_html(snippet)}</small>" if snippet else title,
        f"{article.published:%d/%m/%Y}" if article.published else "–",
        _text(", ".join(article.provinces or ())),
        _text(", ".join(names.get(slug, slug) for slug in article.topics or ())),
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{_text(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(text: str) -> str:
    return escape(harmless(text))
