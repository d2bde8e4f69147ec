"""Chooses corpus articles that are worth labelling by hand, and writes them for those who label:

    python -m tools.choose_articles FOLDER [--seed 17] [--parts 4] [--each 75]

Not at random, as most articles would teach nothing: of the articles that nobody labelled yet a part each

- whose score for a topic is neither high nor low,
- that are tagged with a topic for one single term, as many different terms as there are,
- that name a topic and are not tagged with it, or are tagged beside a word that only looks like the topic,
- whose provinces are in doubt: a middling score, a name of several places, a park's or a street's name.

FOLDER/part-N.jsonl has id, title, lead and body, shuffled, long bodies cut to their beginning and the sentences that
name a place or a topic; what the tagger thinks of them is not in it. FOLDER-strata.tsv, beside it, has the reason by
id, and how many articles there were to choose from.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.common import CORPUS, records
from benchmarks.labelled import LABELS, read_labels, shown
from searcher.article import Article
from searcher.tagging import subjects, topics
from searcher.tagging.gazetteer import place_trie
from searcher.tagging.kinds import PROVINCE
from searcher.tagging.model import model
from searcher.tagging.sections import Section, sections
from searcher.tagging.tagger import placed, scored_provinces, scored_topics
from searcher.tagging.topics import topic_trie

_UNSURE: Final = (0.15, 0.85)
_STRONG: Final = ("names", "signs")
_WANTED: Final = {"unsure": 22, "single": 22, "disagree": 12}
"""How many of 300 for each topic; the rest is for the provinces."""

Strata = dict[str, dict[str, list[str]]]
"""By the name of a stratum ("unsure ma-tuy"): ids by what they have in common (a term, a place, a score's digit)."""


def _topic_strata(article_id: str, read: tuple[Section, ...], found: Strata) -> None:
    spoken = subjects.speak(read)
    scores = dict(scored_topics(read))
    for slug, score in scores.items():
        terms = sorted({one.term.text for one in spoken if one.term.topic == slug and one.term.kind in _STRONG})
        tagged = score >= model("topics").threshold_of(slug)
        if _UNSURE[0] <= score <= _UNSURE[1]:
            found[f"unsure {slug}"][f"{score:.1f}"].append(article_id)
        elif tagged and len(terms) == 1:
            found[f"single {slug}"][terms[0]].append(article_id)
        elif (tagged and subjects.lookalikes(read, slug)) or (not tagged and len(terms) > 1):
            found[f"disagree {slug}"][""].append(article_id)


def _province_strata(article: Article, read: tuple[Section, ...], found: Strata) -> None:
    scores = dict(scored_provinces(placed(article, read)))
    if unsure := [score for score in scores.values() if _UNSURE[0] <= score <= _UNSURE[1]]:
        found["unsure province"][f"{min(unsure):.1f}"].append(article.id)
    ambiguous = sorted(
        {
            match.value.name
            for section in read
            for match in place_trie().find(section.symbols)
            if len({one.province for one in match.value.readings}) > 1 or _landmark(section, match.start, match.value)
        }
    )
    for name in ambiguous:
        found["ambiguous province"][name].append(article.id)


def _landmark(section: Section, start: int, place: object) -> bool:
    """Return whether the name of a province stands after a word of something that is often called after one."""
    readings = getattr(place, "readings", ())
    before = section.low[start - 1] if start else ""
    words = ("viên", "hát", "cầu", "đường", "chợ", "phố", "trường", "sạn", "xã", "phường", "hồ", "sông", "trấn")
    return bool(readings) and readings[0].kind == PROVINCE and before in words


def strata(articles: Iterable[Article], labelled: set[str]) -> Strata:
    """Return the articles that nobody labelled, by why they are worth it."""
    found: Strata = defaultdict(lambda: defaultdict(list))
    titles: set[str] = set()
    for article in articles:
        if article.id in labelled or article.title in titles:
            continue
        titles.add(article.title)
        read = sections(article)
        _topic_strata(article.id, read, found)
        if any(topic_trie().find(section.low) for section in read):
            _province_strata(article, read, found)
    return found


def choose(among: Strata, count: int, seed: int) -> dict[str, str]:
    """Return `count` ids with their stratum, or fewer where there are no more."""
    chance = random.Random(seed)
    wanted = {
        f"{reason} {slug}": number * count // 300 for reason, number in _WANTED.items() for slug in topics().names
    }
    left = count - sum(wanted.values())
    wanted |= {"unsure province": left // 2, "ambiguous province": left - left // 2}
    chosen: dict[str, str] = {}
    for name, number in wanted.items():
        taken = 0
        for article_id in _in_turns(among.get(name, {}), chance):
            if taken == number:
                break
            if article_id not in chosen:
                chosen[article_id] = name
                taken += 1
    spare = [(one, name) for name in wanted if name.startswith("unsure") for one in _in_turns(among[name], chance)]
    chance.shuffle(spare)
    for article_id, name in spare:
        if len(chosen) < count:
            chosen.setdefault(article_id, name)
    return chosen


def _in_turns(groups: dict[str, list[str]], chance: random.Random) -> Iterator[str]:
    """Yield ids, one of each group after the other, so that a rare term or score is seen as often as a common one."""
    left = [chance.sample(groups[name], len(groups[name])) for name in sorted(groups)]
    while left:
        chance.shuffle(left)
        for group in left:
            yield group.pop()
        left = [group for group in left if group]


def main() -> None:
    """Write the parts and the strata."""
    parser = argparse.ArgumentParser(description="choose articles to label by hand")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--each", type=int, default=75)
    wanted = parser.parse_args()
    labelled = set(read_labels(LABELS))
    articles = {record["id"]: Article(**record) for record in records(CORPUS)}
    among = strata(articles.values(), labelled)
    chosen = choose(among, wanted.parts * wanted.each, wanted.seed)
    order = list(chosen)
    random.Random(wanted.seed).shuffle(order)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for part in range(wanted.parts):
        lines = [json.dumps(shown(articles[one]), ensure_ascii=False) for one in order[part :: wanted.parts]]
        (wanted.folder / f"part-{part + 1}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    sizes = {name: sum(map(len, groups.values())) for name, groups in among.items()}
    rows = [f"{one}\t{name}\t{sizes[name]}" for one, name in sorted(chosen.items())]
    wanted.folder.with_name(f"{wanted.folder.name}-strata.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    for name, size in sorted(sizes.items()):
        print(f"{name:26} {sum(one == name for one in chosen.values()):4} of {size}")


if __name__ == "__main__":
    main()
