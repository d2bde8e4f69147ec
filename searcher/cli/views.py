"""What the other commands print: articles, tags, summaries, statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from searcher.article import Article
from searcher.cli.console import day, joined, output, topic_names
from searcher.cli.results import print_facets
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.query.results import FacetCount, Stats

if TYPE_CHECKING:
    from searcher.indexing import Summary
    from searcher.sources import Rejected

_SHOWN_TAGS: Final = 10
_TAG_CHARS: Final = 40
_SHOWN_KINDS: Final = 12
_SHOWN_REJECTED: Final = 20
_PRINTED_AT_ONCE: Final = 500


def show_article(article: Article, case: str = "") -> None:
    """Print one article whole; `case` is the line of the facts of its case."""
    console = output()
    console.print(Text(harmless(article.title), "bold cyan"))
    facts = [
        day(article.published),
        ", ".join(article.provinces or ()),
        since_2025(article),
        topic_names(article.topics or ()),
        article.source,
        article.author,
        article.url,
        article.id,
    ]
    console.print(Text(harmless(joined(facts)), "dim"))
    if case:
        console.print(Text(harmless(case), "green"))
    if article.lead:
        console.print()
        console.print(Text(harmless(article.lead), "bold"))
    paragraphs = [harmless(paragraph) for paragraph in article.body.splitlines() if paragraph]
    for at in range(0, len(paragraphs), _PRINTED_AT_ONCE):  # to print one by one takes five times as long
        console.print(Text("\n" + "\n\n".join(paragraphs[at : at + _PRINTED_AT_ONCE])))


def since_2025(article: Article) -> str:
    """Return the provinces of the 34 in brackets where they are other names than those of the 63."""
    now = article.provinces_2025 or ()
    if not now or now == article.provinces:
        return ""
    return _("since 2025: {names}").format(names=", ".join(now))


def show_summary(summary: Summary) -> None:
    """Print what a run of indexing did, and what it could not read."""
    console = output()
    show_rejected(summary.unread)
    _list([(one.file, one.line, one.text) for one in summary.remarks], "yellow")
    counts = [
        _("{count} added").format(count=number(summary.added)),
        _("{count} updated").format(count=number(summary.updated)),
        _("{count} unchanged").format(count=number(summary.unchanged)),
        _("{count} removed").format(count=number(summary.removed)),
        _("{count} rejected").format(count=number(len(summary.rejected))),
    ]
    if summary.undated:
        counts.append(_("{count} with a date that can't be used").format(count=number(summary.undated)))
    speed = _("{seconds} s, {rate} articles/s, index {size} MB").format(
        seconds=number(summary.seconds, 1),
        rate=number(summary.articles_per_second),
        size=number(summary.index_bytes / 1e6, 1),
    )
    console.print(Text.assemble((", ".join(counts), "bold"), f" · {speed}"))
    if summary.not_pruned:
        text = _(
            "{count} articles whose files have gone are kept: they are more than half of the index (--yes drops them)."
        )
        console.print(text.format(count=number(summary.not_pruned)), style="yellow")
    if summary.unknown_tags:
        console.print(unknown_tags_line(summary.unknown_tags))
    if summary.passed_over:
        console.print(_passed_over(summary.passed_over))


def unknown_tags_line(counts: dict[str, int]) -> str:
    """Return the line that names the given tags that are no known province or topic, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [f"'{' '.join(harmless(value).split())[:_TAG_CHARS]}' {number(count)}" for value, count in ordered]
    names = ", ".join(named[:_SHOWN_TAGS]) + (", …" if len(named) > _SHOWN_TAGS else "")
    return _("Given tags that are no known province or topic, inferred instead: {names}").format(names=names)


def _passed_over(counts: dict[str, int]) -> str:
    """Return the line that says how many files are of other kinds, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    nameless = _("without an ending")
    kinds = [f"{harmless(ending) or nameless} {number(count)}" for ending, count in ordered[:_SHOWN_KINDS]]
    if len(ordered) > _SHOWN_KINDS:
        kinds.append("…")
    total = sum(counts.values())
    text = (
        _("1 file of another kind passed over: {kinds}")
        if total == 1
        else _("{count} files of other kinds passed over: {kinds}")
    )
    return text.format(count=number(total), kinds=", ".join(kinds))


def show_timings(summary: Summary) -> None:
    """Print the processor time of each stage, over all processes, and the memory they took."""
    names = {
        "read": _("read sources"),
        "decide": _("find what is new"),
        "tag": _("tag"),
        "facts": _("read facts of cases"),
        "sign": _("sign, to find copies"),
        "segment": _("cut into words"),
        "invert": _("invert"),
        "compress": _("compress texts"),
        "write": _("write segments"),
        "merge": _("merge segments"),
        "commit": _("commit"),
    }
    table = Table(box=None, show_header=False, padding=(0, 1))
    total = sum(summary.stages.values()) or 1.0
    for stage, seconds in sorted(summary.stages.items(), key=lambda item: -item[1]):
        table.add_row(names.get(stage, stage), f"{number(seconds, 2)} s", f"{number(100 * seconds / total)} %")
    console = output()
    console.print(table)
    text = _("{jobs} processes, {memory} MB of memory at most")
    console.print(text.format(jobs=number(summary.jobs), memory=number(summary.peak_bytes / 1e6)))


def show_passed_over(summary: Summary) -> None:
    """List on standard error the files that are of kinds that are not read."""
    reason = _("This kind of file is not read.")
    more = sum(summary.passed_over.values()) - len(summary.passed_over_files)
    _list([(file, None, reason) for file in summary.passed_over_files], "yellow", more=more, all_of_them=True)


def show_rejected(rejected: Sequence[Rejected]) -> None:
    """List on standard error what could not be read, each with its place and reason; in a terminal, the first few."""
    _list([(one.file, one.line, one.reason) for one in rejected], "red")


def _list(
    lines: Sequence[tuple[str, int | None, str]], style: str, *, more: int = 0, all_of_them: bool = False
) -> None:
    console = output(error=True)
    shown = lines[:_SHOWN_REJECTED] if console.is_terminal and not all_of_them else lines
    for file, line, text in shown:
        place = file if line is None else f"{file}:{line}"
        console.print(Text.assemble((harmless(place), style), ": ", harmless(text)), soft_wrap=True)
    if more := more + len(lines) - len(shown):
        console.print(_("… and {count} more").format(count=number(more)))


def show_stats(stats: Stats) -> None:
    """Print what the index holds."""
    console = output()
    table = Table(box=None, show_header=False, padding=(0, 1))
    rows = {
        _("articles"): number(stats.articles),
        _("terms"): number(stats.terms),
        _("size"): f"{number(stats.bytes / 1e6, 1)} MB",
        _("newest"): day(stats.newest),
        _("oldest"): day(stats.oldest),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)
    facets = (("topic", stats.topics), ("province", stats.provinces), ("province_2025", stats.provinces_2025))
    print_facets(console, [(name, [FacetCount(*pair) for pair in counts.items()]) for name, counts in facets])
