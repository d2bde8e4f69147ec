"""The seeds against the labels in seeds/README.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from searcher.article import Article
from searcher.sources import Item, read
from searcher.tagging import tag
from tests.test_seeds import REAL, SEEDS, table


@cache
def tagged() -> dict[str, Article]:
    return {Path(one.file).name: tag(one.article) for one in read([SEEDS]) if isinstance(one, Item)}


def test_the_real_article_has_its_date_province_and_topics() -> None:
    article = tagged()[REAL]
    assert article.published is not None
    assert article.published.isoformat() == "2020-02-17T17:05:00+07:00"
    assert article.provinces == ("Sơn La",)
    assert article.topics is not None
    assert article.topics[0] == "mai-dam"
    assert set(article.topics) == {"mai-dam", "ma-tuy", "hiv-aids", "mua-ban-nguoi"}


def test_the_first_province_is_one_of_the_labels() -> None:
    wrong = [name[:3] for name, row in table().items() if (tagged()[name].provinces or ("",))[0] not in row.provinces]
    assert not wrong


def f1(labels: dict[str, tuple[str, ...]], tags: dict[str, tuple[str, ...]]) -> float:
    hits = sum(len(set(labels[name]) & set(tags[name])) for name in labels)
    return 2 * hits / (sum(map(len, labels.values())) + sum(map(len, tags.values())))


def test_provinces_and_topics_of_the_seeds_agree_with_their_labels() -> None:
    rows = table()
    provinces = {name: tagged()[name].provinces or () for name in rows}
    topics = {name: tagged()[name].topics or () for name in rows}
    assert f1({name: row.provinces for name, row in rows.items()}, provinces) >= 0.93
    assert f1({name: row.topics for name, row in rows.items()}, topics) >= 0.93
