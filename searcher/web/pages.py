"""Pages made of templates: everything that is shown is escaped, and nothing in it commands a screen."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from searcher.about import VERSION
from searcher.facts.wording import fact_name, facts_line
from searcher.harmless import harmless
from searcher.messages import _, language, number
from searcher.query.snippets import as_html
from searcher.tagging import topics as known_topics
from searcher.web.addresses import FACETS, article_address

_FOLDER: Final = Path(__file__).parent
STATIC: Final = _FOLDER / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
here: Final[ContextVar[str]] = ContextVar("here", default="/")
"""The address of the page that is made, without its host."""
LEVELS: Final = 8
"""Steps of colour of what is counted, without the one for nothing."""


class StaticFile:
    """A file that pages refer to: its bytes, packed as well, and an address that changes with it."""

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        self.packed = gzip.compress(self.content, mtime=0)
        self.media_type = _TYPES[path.suffix]
        digest = hashlib.sha256(self.content).hexdigest()[:10]
        self.address = f"/static/{digest}/{path.name}"


@cache
def static_files() -> dict[str, StaticFile]:
    """Return the files that pages refer to, by name."""
    return {path.name: StaticFile(path) for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}


def day(moment: datetime | date | None) -> str:
    """Return a day as people here write it, a dash where it is not known."""
    return f"{moment:%d/%m/%Y}" if moment else "–"


def topic_name(slug: str) -> str:
    """Return the name of a topic."""
    return known_topics().names.get(slug, slug)


def facet_title(facet: str) -> str:
    """Return what a facet is called."""
    titles = {
        "province": _("Province"),
        "topic": _("Topic"),
        "year": _("Year"),
        "offence": _("Offence"),
        "stage": _("Stage"),
        "drug": _("Drug"),
        "kind": _("What it tells"),
    }
    return titles.get(facet, facet.replace("_", " ").capitalize())


def facet_value(facet: str, value: str) -> str:
    """Return a value of a facet as it is read."""
    return topic_name(value) if facet == "topic" else fact_name(facet, value)


def period(name: str) -> str:
    """Return a period as people here write it: 2019, 03/2019."""
    year, _dash, month = name.partition("-")
    return f"{month}/{year}" if month else year


def percent(share: float) -> str:
    """Return a share as hundredths."""
    return f"{number(100 * share, 1)} %"


def level(value: float, most: float) -> int:
    """Return the step of colour of a value, 1 to `LEVELS`; 0 for nothing."""
    return min(int(value / most * LEVELS) + 1, LEVELS) if value > 0 and most > 0 else 0


def safe_link(url: str) -> str:
    """Return an address from outside if it is one of the web, else nothing."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def marked(text: str) -> Markup:
    """Return text with marks (`query.snippets.MARKS`) as HTML, in which nothing else is markup."""
    return Markup(as_html(harmless(text)))


def joined(parts: Iterable[str]) -> str:
    """Return the parts that are not empty, joined by middle dots."""
    return " · ".join(filter(None, parts))


def _finalized(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _static(name: str) -> str:
    return static_files()[name].address


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        auto_reload=False,
        finalize=_finalized,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals |= {
        "_": _,
        "article_address": article_address,
        "chosen_by": tuple(FACETS),
        "day": day,
        "facet_title": facet_title,
        "facet_value": facet_value,
        "facts_line": facts_line,
        "here": here.get,
        "joined": joined,
        "language": language,
        "marked": marked,
        "number": number,
        "percent": percent,
        "period": period,
        "safe_link": safe_link,
        "static": _static,
        "topic_name": topic_name,
        "version": VERSION,
    }
    return made


def render(template: str, **values: Any) -> str:
    """Return a page made of a template."""
    return _environment().get_template(template).render(values)
