"""How the tags of an article look, and what an explanation of them looks like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from searcher.article import Article
from searcher.cli.console import Console, day, joined, more, output, topic_names
from searcher.cli.views import since_2025
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.tagging import Evidence, ExplainedTag, Explanation
from searcher.tagging.wording import evidence_kinds, place_parts, topic_parts

_SHOWN: Final = 4
_LEAST_SCORE: Final = 0.05
_LEAST_POINTS: Final = 0.05
_BAR: Final = 10


def show_tags(article: Article) -> None:
    """Print the title of an article with its tags beneath."""
    tags = (day(article.published), ", ".join(article.provinces or ()), topic_names(article.topics or ()))
    line = joined([*(tag or "–" for tag in tags), since_2025(article)])
    output().print(Text.assemble((harmless(article.title), "bold cyan"), "\n  ", harmless(line)))


def show_explanation(explanation: Explanation) -> None:
    """Print an article's title and date, then each tag with its score, its parts and the words it rests on."""
    console = output()
    console.print(Text(harmless(explanation.article.title), "bold cyan"))
    console.print(Text(f"  {harmless(_date_line(explanation))}"))
    for refusal in explanation.date_refusals:
        console.print(Text(f"  {harmless(refusal)}", "yellow"))
    for kind, tags in (("provinces", explanation.provinces), ("topics", explanation.topics)):
        _show_kind(console, explanation, kind, tags)
    console.print()


def _date_line(explanation: Explanation) -> str:
    moment = explanation.article.published
    if moment is None:
        return _("No date: no line of the text is a date line.")
    shown = f"{moment:%d/%m/%Y %H:%M}"
    if explanation.date_line:
        return _("{date}, from the line '{line}'").format(date=shown, line=explanation.date_line)
    return _("{date}, as the article came with it").format(date=shown)


def _show_kind(console: Console, explanation: Explanation, kind: str, tags: Sequence[ExplainedTag]) -> None:
    heading = {"provinces": _("Provinces"), "topics": _("Topics")}[kind]
    console.print()
    console.print(Text(heading, "bold"))
    if kind in explanation.trusted:
        article = explanation.article
        kept = ", ".join(article.provinces or ()) if kind == "provinces" else topic_names(article.topics or ())
        text = _("It came with these, and they are kept: {tags}. Its text would give:")
        console.print(Text("  " + text.format(tags=harmless(kept) or "–"), "yellow"))
    elif kind == "provinces" and (line := since_2025(explanation.article)):
        console.print(Text("  " + line))
    shown = [one for one in tags if one.given or one.score >= _LEAST_SCORE]
    if not tags:
        nothing = {
            "provinces": _("The text names no province, nor a place in one."),
            "topics": _("The text has no word of a topic."),
        }
        console.print(Text("  " + nothing[kind]))
    for one in shown:
        _show_tag(console, one, kind, explanation.thresholds["provinces" if kind == "provinces" else one.value])
    if below := [one for one in tags if one not in shown]:
        names = ", ".join(_name(one, kind) for one in below)
        console.print(Text("  " + _("named, but far from a tag: {names}").format(names=names), "dim"))


def _name(one: ExplainedTag, kind: str) -> str:
    return topic_names([one.value]) if kind == "topics" else one.value


def _show_tag(console: Console, one: ExplainedTag, kind: str, threshold: float) -> None:
    style = "bold green" if one.given else "dim"
    bar = "█" * round(_BAR * one.score)
    verdict = "" if one.given else "  " + _("no tag, which begins at {score}").format(score=number(threshold, 2))
    console.print(
        Text.assemble(
            "  ",
            (f"{number(one.score, 2)} ", style),
            (f"{bar:<{_BAR}} ", "green" if one.given else "dim"),
            (_name(one, kind), style),
            (verdict, "dim"),
        )
    )
    _print_rows(console, list(_rows(one, kind)))


def _print_rows(console: Console, rows: Sequence[tuple[Text, Text]]) -> None:
    """Print labels and texts in two columns, a text within its own; in a pipe each in one line."""
    if not console.is_terminal:
        width = max(label.cell_len for label, _text in rows)
        for label, text in rows:
            console.print(Text.assemble("    ", label, " " * (width - label.cell_len + 2), text))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=2)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row("", label, text)
    console.print(table)


def _rows(one: ExplainedTag, kind: str) -> Iterator[tuple[Text, Text]]:
    labels = place_parts() if kind == "provinces" else topic_parts()
    for_it = {name: points for name, points in one.parts.items() if points >= _LEAST_POINTS}
    against = {name: points for name, points in reversed(one.parts.items()) if points <= -_LEAST_POINTS}
    yield Text(_("for"), "green"), _points(for_it, labels)
    yield Text(_("against"), "red"), _points(against, labels)
    for title, style, found in (("", "", one.evidence), (_("counts less:"), "dim", one.counter)):
        if title and found:
            yield Text(), Text(title, "dim italic")
        for quote in found[:_SHOWN]:
            yield Text(evidence_kinds().get(quote.kind, quote.kind), "dim"), _sentence(quote, style)
        if len(found) > _SHOWN:
            yield Text(), more(number(len(found) - _SHOWN))


def _points(parts: dict[str, float], labels: dict[str, str]) -> Text:
    # A part and its points stay in one line.
    shown = [f"{labels.get(name, name)} {'−+'[points > 0]}{number(abs(points), 1)}" for name, points in parts.items()]
    return Text("\u00a0· ".join(part.replace(" ", "\u00a0") for part in shown) or "–")


def _sentence(quote: Evidence, style: str) -> Text:
    place = {"title": _("title"), "lead": _("lead")}.get(quote.section, "")
    before, words, after = (" ".join(harmless(part).split()) for part in (quote.before, quote.words, quote.after))
    return Text.assemble(
        (f"{place}: " if place else "", "dim"),
        (f"{before} " if before and quote.before[-1:].isspace() else before, style),
        (words, "bold yellow"),
        (f" {after}" if after and quote.after[:1].isspace() else after, style),
    )
