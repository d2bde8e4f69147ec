"""What is known of single sites and content systems: where title, date, lead and body stand in their pages."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

import msgspec

from searcher.urls import host_of

_CLASS_OR_ID: Final = re.compile(r"[.#]([\w-]+)")
_WORD_BREAK: Final = re.compile(r"[_-]+")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """CSS selectors for the parts of a page; an empty one means that the general way will do.

    - `hosts` are the hosts, with all below them, that the rule is for.
    - `marks` is a selector of what only pages of this content system have; it is asked where no rule has the host.
    - `name` is the site's name as readers know it; empty for a content system.
    """

    name: str = ""
    hosts: tuple[str, ...] = ()
    marks: str = ""
    title: str = ""
    lead: str = ""
    body: str = ""
    date: str = ""
    author: str = ""
    captions: str = ""
    drop: str = ""


class Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Classes and ids that say the same on most sites; a word of `parts` counts within a longer class too."""

    drop: frozenset[str]
    drop_parts: frozenset[str]
    captions: frozenset[str]
    caption_parts: frozenset[str]
    lead: frozenset[str]
    lead_parts: frozenset[str]
    author: frozenset[str]
    title: frozenset[str]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """sites.toml as it is."""

    roles: Roles
    site: tuple[Rule, ...]
    system: tuple[Rule, ...]


@cache
def data() -> Data:
    """Return sites.toml."""
    text = resources.files(__package__).joinpath("sites.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Data)


@cache
def _by_host() -> dict[str, Rule]:
    return {host: rule for rule in data().site for host in rule.hosts}


@cache
def _selector(css: str) -> Any:
    from lxml.cssselect import CSSSelector

    return CSSSelector(css, translator="html")


def select(css: str, tree: Any) -> list[Any]:
    """Return the elements of an lxml tree that a CSS selector names, in the order of the page."""
    found: list[Any] = _selector(css)(tree) if css else []
    return found


def rule_for(url: str, tree: Any) -> Rule:
    """Return the rule for a page; one without selectors where nothing is known of its site and system."""
    labels = host_of(url).split(".")
    for start in range(len(labels) - 1):
        rule = _by_host().get(".".join(labels[start:]))
        if rule is not None:
            return rule
    present = frozenset(" ".join(_attributes()(tree)).split())
    return next((rule for rule in data().system if _may_be(rule.marks, present) and select(rule.marks, tree)), Rule())


@cache
def _attributes() -> Any:
    from lxml.etree import XPath

    return XPath("//@class|//@id", smart_strings=False)


@cache
def _needed(css: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_CLASS_OR_ID.findall(alternative)) for alternative in css.split(","))


def _may_be(css: str, present: frozenset[str]) -> bool:
    """Whether a selector can match in a page with these classes and ids: to look that up is cheaper than to select."""
    return any(names <= present for names in _needed(css))


@lru_cache(maxsize=8192)
def role_of(names: str) -> str:
    """Return what an element with these classes and ids is on most sites: caption, lead, author, drop, or nothing."""
    roles = data().roles
    whole = names.lower().split()
    words = {word for name in whole for word in _WORD_BREAK.split(name)}
    if not roles.captions.isdisjoint(whole) or not roles.caption_parts.isdisjoint(words):
        return "caption"
    if not roles.lead.isdisjoint(whole) or not roles.lead_parts.isdisjoint(words):
        return "lead"
    if not roles.author.isdisjoint(whole):
        return "author"
    return "drop" if not roles.drop.isdisjoint(whole) or not roles.drop_parts.isdisjoint(words) else ""
