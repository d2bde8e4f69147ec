"""The date of a page: when the article was published, and never the portal's clock, a comment's time, the date of
another article or one that is told of in the text. No date is better than a wrong one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib import resources
from itertools import chain, islice
from typing import Any, Final

from searcher.sources.blocks import text_of
from searcher.sources.dates import DATE, EARLIEST_GUESS, DateWithin, date_within, parse_published
from searcher.sources.pagetext import heading_of
from searcher.sources.sites import Rule, role_of, select

_LINE_CHARS: Final = 120  # a longer line with a date in it is text
_REST_CHARS: Final = 60  # so many letters may stand beside the date: 'Đăng ngày ... lượt xem ... chuyên mục'
_BELOW: Final = 16  # pieces of text below the title among which the date is looked for ...
_ABOVE: Final = 4  # ... and above it
_SENTENCE_CHARS: Final = 40
_TITLE_CHARS: Final = 25  # a link of so many letters is the title of another article
_TEASER_CHARS: Final = 400
_MOST_TIMES: Final = 100
_MARKED: Final = re.compile(r"date|time|ngay|publish|posted|meta|thoi_?-?gian", re.IGNORECASE)
_PUBLISHED: Final = re.compile(
    r"publish|entry-date|post(?:ed)?-?(?:date|on)|pub-?date|date-?posted|ngay_?-?dang|(?:article|detail|news)-?(?:date|time)",
    re.IGNORECASE,
)
_UPDATED: Final = re.compile(r"updated|modified", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"\W*(?:(?:được |ngày )?(?:đăng|cập nhật|gửi|xuất bản)|thời gian|posted|published)\b", re.IGNORECASE
)
_PICTURES: Final = frozenset({"ảnh", "hình", "clip", "video"})
_SEPARATOR: Final = re.compile(r"[|•·»>/,;()\[\]]|\s[-–—]\s")
_HEADING_WORDS: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]+")
_NO_PLACES: Final = frozenset({"aside", "nav", "footer", "li", "blockquote", "figure", "figcaption"})
_PAGE: Final = frozenset({"body", "html", "form"})


def published(tree: Any, rule: Rule, said: datetime | None, title: str) -> datetime | None:
    """Return when the article of a page was published; `said` is what its metadata has."""
    shown = _chosen(rule, tree)
    if shown is None:
        heading = heading_of(tree, title)
        shown = _time_element(tree, heading) or _microdata(tree, heading) or _shown(heading)
    if shown is None or said is None:
        return shown.moment if shown else said
    # Where both speak of one day, the line that readers see has the hour right: metadata is often in another zone.
    clock = (shown.moment.hour, shown.moment.minute) != (0, 0)
    near = abs((shown.moment - said).total_seconds()) <= 24 * 3600
    return shown.moment if clock and near and not shown.updated else said


def is_date_line(line: str) -> bool:
    """Whether a line says when something was published, and nothing else than what stands beside that."""
    return date_of_line(line) is not None


def date_of_line(line: str) -> datetime | None:
    """Return the date of a line that says when something was published; None where it says more, or no date."""
    found = _own(line) if len(line) <= _LINE_CHARS and not line.endswith(".") else None
    return found.moment if found else None


@cache
def _beside() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that may stand beside an article's date, and those that make it another one."""
    data = tomllib.loads(resources.files(__package__).joinpath("furniture.toml").read_text("utf-8"))

    def words(name: str) -> frozenset[str]:
        return frozenset(word for words in data[name] for word in words.split())

    return words("beside_dates"), words("other_dates")


def _own(line: str) -> DateWithin | None:
    """Return the date of a line in which nothing stands beside it but names and what pages say of an article."""
    found = date_within(line)
    if found is None or sum(map(str.isalnum, found.rest)) > _REST_CHARS or found.moment.year < EARLIEST_GUESS:
        return None
    return found if all(map(_may_stand_beside, _SEPARATOR.split(found.rest))) else None


def _may_stand_beside(part: str) -> bool:
    """Whether a part of a line with a date is a name, a heading, or said of an article: 'Pháp luật', 'Lượt xem: 93'."""
    allowed, others = _beside()
    label, colon, value = part.rpartition(":")
    words = _WORD.findall(part)
    if not others.isdisjoint(map(str.lower, words)) or (words and words[0].lower() in _PICTURES):
        return False
    if colon and not all(word.lower() in allowed for word in _WORD.findall(label)):
        return False
    said = _WORD.findall(value)
    if all(word[0].isupper() or word.lower() in allowed for word in said):
        return True
    return DATE not in value and len(said) <= _HEADING_WORDS and said[0][0].isupper()


def _chosen(rule: Rule, tree: Any) -> DateWithin | None:
    for element in select(rule.date, tree):
        exact = element.get("datetime") or element.get("title") or ""
        found = date_within(exact) or date_within(text_of(element))
        if found is not None and sum(map(str.isalnum, found.rest)) <= _REST_CHARS:
            return found
    return None


# --- <time> ----------------------------------------------------------------------------------------------------------


def _time_element(tree: Any, heading: Any) -> DateWithin | None:
    """Return the moment of the `<time>` that is the article's own; with several, of the one that says so."""
    marked, others = [], []
    below = heading is None
    for element in islice(tree.iter("time", *(() if below else (heading.tag,))), _MOST_TIMES):
        below = below or element is heading
        if element.tag != "time" or not element.get("datetime") or _is_of_another(element, heading):
            continue
        name = f"{element.get('class', '')} {element.get('itemprop', '')}"
        if "pubdate" in element.attrib or _PUBLISHED.search(name):
            marked.append(element)
        elif below and not _UPDATED.search(name):  # above the title it may be the portal's clock
            others.append(element)
    moments = [moment for one in marked or others if (moment := _moment(one.get("datetime")))]
    if not moments or (not marked and len(set(moments)) > 1):
        return None  # with several, most belong to the lists of other articles
    return DateWithin(moments[0], "")


def _microdata(tree: Any, heading: Any) -> DateWithin | None:
    """Return the moment of the first element that is marked as the date of publication (schema.org)."""
    for element in tree.xpath("//@itemprop/..")[:_MOST_TIMES]:
        if element.get("itemprop") == "datePublished" and not _is_of_another(element, heading):
            given = element.get("content") or element.get("datetime") or text_of(element)
            return DateWithin(moment, "") if (moment := _moment(given)) else date_within(given[:_LINE_CHARS])
    return None


def _moment(value: str) -> datetime | None:
    try:
        found = parse_published(value)
    except ValueError:
        return None
    return found if found.year >= EARLIEST_GUESS else None


def _is_of_another(element: Any, heading: Any) -> bool:
    """Whether an element stands in a list of other articles, among comments, or in what is no part of the article."""
    own = length = len(text_of(element))
    above = set(heading.iterancestors()) if heading is not None else set()
    for holder in (element, *element.iterancestors()):
        if holder in above or holder.tag in _PAGE:
            return False
        if holder.tag in _NO_PLACES or role_of(f"{holder.get('class', '')} {holder.get('id', '')}") in (
            "drop",
            "caption",
        ):
            return True
        if length <= _TEASER_CHARS:
            length = len(text_of(holder))
            teaser = own + _TITLE_CHARS <= length <= _TEASER_CHARS
            if teaser and any(len(text_of(link)) >= _TITLE_CHARS for link in holder.iter("a")):
                return True
    return False


# --- lines -----------------------------------------------------------------------------------------------------------


def _shown(heading: Any) -> DateWithin | None:
    """Return the date in the lines nearest to the title: of the article itself, else of its last change."""
    updated: DateWithin | None = None
    for found in () if heading is None else chain(_below(heading), _above(heading)):
        if found is not None and not found.updated:
            return found
        updated = updated or found
    return updated


def _below(heading: Any) -> Iterator[DateWithin | None]:
    sentences = 0
    for holder, line in _pieces(heading.xpath(f"following::text()[normalize-space()][position() <= {_BELOW}]")):
        if len(line) >= _SENTENCE_CHARS and line[-1] in '.!?…”"':
            sentences += 1
            if sentences > 1:
                return  # the first may be the lead
        elif _may_be(holder, line, heading) and (not sentences or _says_so(holder, line)):
            found = _own(line)
            yield found and found._replace(
                updated=found.updated or _UPDATED.search(holder.get("class", "")) is not None
            )


def _above(heading: Any) -> Iterator[DateWithin | None]:
    """Yield the dates above the title, where they are said to be the article's: the portal's clock stands there too."""
    pieces = heading.xpath(f"preceding::text()[normalize-space()][position() <= {_ABOVE}]")
    around = {one for one in heading.iterancestors() if one.tag not in _PAGE}
    for holder, line in _pieces(pieces):
        with_title = not around.isdisjoint(holder.iterancestors())
        said = _LABEL.match(line) or (with_title and _PUBLISHED.search(_names(holder)))
        if said and _may_be(holder, line, heading):
            yield _own(line)


def _pieces(texts: list[Any]) -> Iterator[tuple[Any, str]]:
    for text in texts:
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        yield holder, text_of(holder)


def _may_be(holder: Any, line: str, heading: Any) -> bool:
    return len(line) <= _LINE_CHARS and any(map(str.isdigit, line)) and not _is_of_another(holder, heading)


def _says_so(holder: Any, line: str) -> bool:
    """Whether a line or the classes around it say that it is a date of publication."""
    return _LABEL.match(line) is not None or _MARKED.search(_names(holder)) is not None


def _names(holder: Any) -> str:
    """Return the classes and ids of an element and of what holds it."""
    above = holder.getparent()
    near = (holder,) if above is None else (holder, above)
    return " ".join(f"{one.get('class', '')} {one.get('id', '')}" for one in near)
