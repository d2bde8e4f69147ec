"""How fetching looks: what came, what did not and why, and the rounds of watching."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from searcher.cli.console import Console, joined, output
from searcher.cli.views import show_rejected
from searcher.fetching import FetchSummary
from searcher.gathering import Round
from searcher.harmless import harmless
from searcher.messages import _, number

_SHOWN: Final = 20


def show_fetched(summary: FetchSummary, *, planned: bool = False) -> None:
    """Print what a run of fetching did; of a dry run, the addresses it would have asked for, one a line."""
    _show_failures(summary)
    console = output()
    for url in summary.planned:
        console.print(Text(harmless(url)), soft_wrap=True)
    if planned:
        console = output(error=True)  # so that a pipe gets addresses only
        counts = [_("{count} would be fetched").format(count=number(len(summary.planned))), *_rest(summary)]
    else:
        counts = _counts(summary)
    traffic = _("{requests} requests, {size} MB, {seconds} s").format(
        requests=number(summary.requests),
        size=number(summary.bytes / 1e6, 2),
        seconds=number(summary.seconds, 1),
    )
    console.print(Text.assemble((", ".join(counts), "bold"), f" · {traffic}"))


def _counts(summary: FetchSummary) -> list[str]:
    return [
        _("{count} new").format(count=number(summary.new)),
        _("{count} changed").format(count=number(summary.changed)),
        _("{count} unchanged").format(count=number(summary.unchanged)),
        *_rest(summary),
    ]


def _rest(summary: FetchSummary) -> list[str]:
    counts = {
        _("{count} failed"): len(summary.failures),
        _("{count} skipped as robots.txt asks"): len(summary.disallowed),
        _("{count} left for the next run"): summary.left,
    }
    return [text.format(count=number(count)) for text, count in counts.items() if count]


def _show_failures(summary: FetchSummary) -> None:
    console = output(error=True)
    found = [(failure.url, failure.reason) for failure in summary.failures]
    found += [(url, _("robots.txt asks programs not to fetch this page.")) for url in summary.disallowed]
    shown = found[:_SHOWN] if console.is_terminal else found
    for url, reason in shown:
        console.print(Text.assemble((harmless(url), "red"), ": ", harmless(reason)), soft_wrap=True)
    _show_more(console, len(found) - len(shown))


def _show_more(console: Console, count: int) -> None:
    if count:
        console.print(_("… and {count} more").format(count=number(count)))


def show_round(one: Round) -> None:
    """Print a round of watching: a line, and before it on standard error what could not be had."""
    _show_failures(one.fetched)
    if one.indexed is not None:
        show_rejected(one.indexed.unread)
    if one.error:
        output(error=True).print(Text(harmless(one.error), "red"), soft_wrap=True)
    added = one.indexed.added if one.indexed else 0
    updated = one.indexed.updated if one.indexed else 0
    parts = [
        f"{one.began:%d/%m/%Y %H:%M:%S}",
        _("feeds: {count}").format(count=number(one.feeds)),
        _("resting: {count}").format(count=number(one.resting)) if one.resting else "",
        ", ".join(_counts(one.fetched)),
        _("{added} added to the index, {updated} updated").format(added=number(added), updated=number(updated)),
        _("next at {time}").format(time=f"{one.next:%H:%M:%S}") if one.next else "",
    ]
    output().print(Text(joined(parts)), soft_wrap=True)
