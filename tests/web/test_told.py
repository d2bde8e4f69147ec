"""Cases on the page: what an article tells, where it says so, and searches that are narrowed by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest

import searcher
from tests.invented import indexed
from tests.web.conftest import client_of
from tests.web.inprocess import served

LEAD = "Công an tỉnh Điện Biên bắt giữ ba đối tượng, thu giữ 30 bánh heroin, tổng trọng lượng 10,5 kg."
PAYLOAD = 'a < b & "c"'
CASE: dict[str, Any] = {
    "id": "vu-an",
    "title": "Điện Biên: Bắt ba đối tượng vận chuyển heroin",
    "lead": LEAD,
    "body": "Cơ quan điều tra đã khởi tố vụ án, tạm giữ ba đối tượng về hành vi vận chuyển trái phép chất ma túy "
    f"{PAYLOAD}.\n\nHeroin được giấu trong 30 bánh.",
    "published": "2019-03-12T08:00:00+07:00",
}
PLAN = {"id": "ke-hoach", "title": "Kế hoạch phòng, chống ma túy", "body": "UBND tỉnh ban hành kế hoạch tuyên truyền."}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = indexed(tmp_path_factory.mktemp("told") / "index", [CASE, PLAN])
    with served(folder, search_s=30.0) as address, client_of(address, **{"accept-language": "en"}) as opened:
        yield opened


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_each_fact_leads_to_the_words_that_say_it(cases: httpx2.Client) -> None:
    page = cases.get("/article/vu-an?q=heroin").text
    rows = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL))
    assert "drug transport" in rows["offence"]
    assert "10.5 kg = 30 cakes heroin" in _plain(rows["drug"])
    linked = {name: re.findall(r'href="#(f\d+)"', row) for name, row in rows.items()}
    said = {one: _plain(text) for one, text in re.findall(r'<span class="fact" id="(f\d+)">(.*?)</span>', page)}
    assert said[linked["suspects"][0]] == "ba đối tượng"
    assert said[linked["stage"][0]] == "khởi tố vụ án"
    assert all(one in said or f'<a id="{one}"></a>' in page for several in linked.values() for one in several)
    assert len(said) == len(set(re.findall(r' id="(f\d+)"', page)))


def test_marks_and_facts_leave_the_text_as_it_is(cases: httpx2.Client) -> None:
    page = cases.get("/article/vu-an?q=heroin+vận+chuyển").text
    shown = page.partition('<article class="text">')[2].partition("</article>")[0]
    for text in (CASE["title"], LEAD, *CASE["body"].split("\n\n")):
        assert text in _plain(shown)
    assert PAYLOAD not in page
    numbers = [int(one) for one in re.findall(r'<mark id="m(\d+)">', page)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_tells_no_case_says_so(cases: httpx2.Client) -> None:
    assert "It tells of no case (" in cases.get("/article/ke-hoach").text


def test_a_hit_has_its_case_in_a_line(cases: httpx2.Client) -> None:
    page = cases.get("/?q=heroin").text
    assert '<p class="case">drug transport · charged · 3 suspects · 10.5 kg = 30 cakes heroin</p>' in page
    assert cases.get("/?q=kế+hoạch").text.count('class="case"') == 0


@pytest.mark.parametrize(
    ("facet", "value", "name"),
    [
        ("offence", "van-chuyen-ma-tuy", "drug transport"),
        ("stage", "charged", "charged"),
        ("drug", "heroin", "heroin"),
        ("kind", "case", "a case"),
    ],
)
def test_facts_are_links_that_toggle(cases: httpx2.Client, facet: str, value: str, name: str) -> None:
    page = cases.get("/?sort=newest").text
    link = f'<a href="?{facet}={value}&amp;sort=newest"><span>{name}</span><b>1</b>'
    assert link in page
    narrowed = cases.get(f"/?{facet}={value}&sort=newest").text
    assert "vu-an" in narrowed and "ke-hoach" not in narrowed
    assert f'<a href="?sort=newest" class="on" aria-current="true"><span>{name}</span>' in narrowed
    assert cases.get("/search.json", params={facet: value}).json()["total"] == 1
    assert cases.get("/search.json", params={facet: "Atlantis"}).status_code == 400


def test_an_index_without_facts_has_no_links_to_them(tmp_path: Path) -> None:
    from searcher.embedded.engine import EmbeddedIndex

    class Without(EmbeddedIndex):
        has_facts = False  # type: ignore[assignment]

    folder = indexed(tmp_path / "index", [CASE])
    with served(folder, lambda _location: Without(folder), search_s=30.0) as address, client_of(address) as opened:
        page = opened.get("/article/vu-an").text
    assert 'class="fact"' in page
    assert "offence=" not in page


def test_results_of_a_correction_say_so_and_can_be_had_as_typed(client: httpx2.Client) -> None:
    page = client.get("/?q=ma+tyu+heroinn").text
    assert "Results for: <strong>ma tuy heroin</strong>" in " ".join(page.split())
    assert "?q=ma+tuy+heroin" in page
    literal = re.search(r'Just as it was typed:</?[^>]*> <a href="(.*?)">|Just as it was typed: <a href="(.*?)">', page)
    assert literal
    page = client.get("/" + unescape(literal[1] or literal[2])).text
    assert "Results for:" not in page


def test_where_complete_answers_end_is_shown(client: httpx2.Client, seeds_index: searcher.Index) -> None:
    page = client.get("/?q=mai+dam+son+la").text
    above, _line, below = page.partition('<li class="until">')
    complete = [hit.article.id for hit in seeds_index.search("mai dam son la").hits if hit.share == 1]
    assert re.findall(r'<h2><a href="/article/(\w+)', above) == complete
    assert below.count('<li class="hit"') > 0
    for query in ("heroin", "xyzzy", "ma+tuy&sort=newest"):
        assert 'class="until"' not in client.get(f"/?q={query}").text
