"""The addresses that others build on: each page, the same as JSON, and its hits as files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from lxml import etree

import searcher
from searcher.web.addresses import Asked, article_address
from tests.commands import run, run_bytes

ID = "b15f0361347245e6"
ADDRESSES = (
    "/",
    "/?q=mai+dam+son+la&province=S%C6%A1n+La&province=ha+noi&topic=mai-dam&year=2019&year=2020&since=2019&until=2021",
    "/?q=ma+tuy&sort=newest&page=2&n=20&density=compact&shade=share&provinces_of=2025&copies=all&recent=no",
    "/?q=xyzzyplugh",
    "/?q=heroin&page=50",
    f"/article/{ID}",
    f"/article/{ID}?q=mai+dam",
    "/trends",
    "/trends?q=ma+tuy&by=month&shade=share",
    "/trends?by=province&per=month&topic=ma-tuy",
    "/trends?q=xyzzyplugh",
    "/index",
    "/docs",
    "/docs/commands",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_is_there(client: httpx2.Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert len(answer.content) < 60_000


def _as_command(index: Path, *arguments: str) -> Any:
    return json.loads(run(*arguments, "--json", "-i", index).stdout)


def test_a_head_is_that_of_the_page(client: httpx2.Client) -> None:
    head, page = client.head("/?q=ma+tuy"), client.get("/?q=ma+tuy")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", page.headers["etag"])
    assert client.head("/article/nowhere").status_code == 404


def test_json_is_what_the_commands_print(client: httpx2.Client, seeds_folder: Path) -> None:
    answer = client.get(
        "/search.json", params={"q": "mai dam", "province": ["Sơn La", "Hà Nội"], "topic": "mai-dam", "n": 5}
    )
    printed = _as_command(seeds_folder, "query", "mai dam", "-p", "Sơn La", "-p", "Hà Nội", "-t", "mai-dam", "-n", "5")
    assert answer.json() | {"took_ms": 0} == printed | {"took_ms": 0}
    assert client.get(f"/article/{ID}.json").json() == _as_command(seeds_folder, "show", ID)
    assert client.get("/article.json", params={"id": ID}).json() == _as_command(seeds_folder, "show", ID)
    assert client.get("/similar.json", params={"id": ID}).json() == _as_command(seeds_folder, "similar", ID)
    assert client.get("/trends.json?q=ma+tuy&by=topic").json() == _as_command(
        seeds_folder, "trends", "ma tuy", "--by", "topic"
    )
    assert client.get("/suggest.json?q=mai+d").json() == _as_command(seeds_folder, "suggest", "mai d")
    stats = client.get("/index.json").json()  # suggesting keeps a file beside the index, so its bytes grow
    assert stats | {"bytes": 0} == _as_command(seeds_folder, "stats") | {"bytes": 0}


def test_years_pages_and_orders_are_in_the_address(client: httpx2.Client, seeds_index: searcher.Index) -> None:
    answer = client.get("/search.json?q=ma+tuy&year=2019&year=2020&sort=oldest&page=2&n=3").json()
    results = seeds_index.search("ma tuy", years=[2019, 2020], sort="oldest", offset=3, limit=3)
    assert [hit["id"] for hit in answer["hits"]] == [hit.article.id for hit in results.hits]
    assert answer["chosen"] == {"year": ["2019", "2020"]}
    assert {hit["published"][:4] for hit in answer["hits"]} <= {"2019", "2020"}


def test_hits_as_files_are_what_the_command_exports(client: httpx2.Client, seeds_folder: Path) -> None:
    def exported(kind: str) -> bytes:
        return run_bytes("query", "ma tuy", kind, "-i", seeds_folder, "--sort", "newest").stdout

    answer = client.get("/search.csv?q=ma+tuy&sort=newest")
    assert answer.content == exported("--csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="ma-tuy.csv"'
    assert client.get("/search.jsonl?q=ma+tuy&sort=newest").content == exported("--jsonl")


def test_a_workbook_has_every_hit_and_no_formula(client: httpx2.Client, hostile_site: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    rows = list(csv.reader(io.StringIO(client.get("/search.csv?q=ma+tuy").text.removeprefix("\ufeff"))))
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/search.xlsx?q=ma+tuy").content)).active
    assert [[str(cell or "") for cell in row[1:2]] for row in sheet.iter_rows(values_only=True)] == [
        row[1:2] for row in rows
    ]
    content = httpx2.get(f"{hostile_site}/search.xlsx", trust_env=False).content
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


def test_the_feed_has_the_newest_first(client: httpx2.Client) -> None:
    feed = etree.fromstring(client.get("/search.atom?q=ma+tuy").content)
    atom = "{http://www.w3.org/2005/Atom}"
    updated = [entry.findtext(f"{atom}updated") for entry in feed.iter(f"{atom}entry")]
    assert updated == sorted(updated, reverse=True) != []
    link = next(feed.iter(f"{atom}entry")).find(f"{atom}link").get("href")
    assert client.get(link).status_code == 200


def test_trends_as_csv(client: httpx2.Client, seeds_index: searcher.Index) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/trends.csv?by=topic").text.removeprefix("\ufeff"))))
    assert rows[0] == ["topic", "year", "count", "articles", "share"]
    assert len(rows) == 1 + sum(1 for _row in seeds_index.trends(by="topic").table())


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/?topic=atlantis", 400, "'atlantis' is not a topic"),
        ("/?province=atlantis", 400, "'atlantis' is not a province"),
        ("/?since=gestern", 400, "'gestern' is not a date"),
        ("/?since=2021&until=2019", 400, "The first day of the range is after its last."),
        ("/?page=0", 400, "page"),
        ("/?sort=best", 400, "sort"),
        ("/?year=99999", 400, "'99999' is not a year."),
        ("/?provinces_of=1900", 400, "No map of the provinces is known for 1900"),
        ("/trends?by=colour", 400, "by"),
        ("/article/nowhere", 404, "The index has no article with the id 'nowhere'."),
        ("/docs/nowhere", 404, "There is no such page."),
        ("/nowhere", 404, "There is no such page."),
    ],
)
def test_what_can_not_be_meant_gets_a_sentence(client: httpx2.Client, address: str, status: int, sentence: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert sentence in answer.text.replace("&#39;", "'")
    assert answer.headers["content-type"].startswith("text/html")
    path, _mark, query = address.partition("?")
    if path == "/":
        as_json = client.get(f"/search.json?{query}")
        assert (as_json.status_code, as_json.json()["status"]) == (status, status)
        assert sentence in as_json.json()["detail"]


def test_a_page_speaks_the_language_of_its_reader(site: str) -> None:
    with httpx2.Client(base_url=site, trust_env=False) as browser:
        assert '<html lang="vi">' in browser.get("/", headers={"accept-language": "vi,en;q=0.5"}).text
        assert "There is no such page." in browser.get("/x", headers={"accept-language": "en-GB"}).text
        chosen = browser.post(
            "/language",
            data={"language": "vi", "back": "/trends?q=x"},
            headers={"origin": site, "accept-language": "en"},
        )
        assert (chosen.status_code, chosen.headers["location"]) == (303, "/trends?q=x")
        assert "Không có trang này." in browser.get("/x", headers={"accept-language": "en"}).text


def test_an_address_has_what_does_not_go_without_saying() -> None:
    asked = Asked(q="ma túy", provinces=("Sơn La",), years=(2019,), page=3)
    assert asked.address() == "?q=ma+t%C3%BAy&province=S%C6%A1n+La&year=2019"
    assert asked.toggled("province", "Sơn La") == "?q=ma+t%C3%BAy&year=2019"
    assert asked.toggled("year", "2020") == "?q=ma+t%C3%BAy&province=S%C6%A1n+La&year=2019&year=2020"
    assert asked.address("/search.csv", page=4).endswith("&page=4")
    assert Asked().address() == "?"
    assert article_address("a/b c?", Asked(q="x")) == "/article/a%2Fb%20c%3F?q=x"


def test_facets_that_are_not_known_here_are_listed_without_links(seeds_folder: Path) -> None:
    """An engine may count by more than this page narrows by."""
    from litestar.testing import TestClient
    from msgspec.structs import replace

    from searcher.embedded.engine import EmbeddedIndex
    from searcher.query.request import SearchRequest
    from searcher.query.results import FacetCount, Results
    from searcher.web.app import make_app
    from searcher.web.settings import Settings

    class WithMore(EmbeddedIndex):
        def run(self, request: SearchRequest) -> Results:
            results = super().run(request)
            return replace(results, facets=results.facets | {"case_stage": (FacetCount("xét xử", 3),)})

    with TestClient(make_app(Settings(), lambda _location: WithMore(seeds_folder))) as client:
        page = client.get("/").text
    assert "Case stage" in page
    assert "<span>xét xử</span><b>3</b>" in page
    assert "case_stage=" not in page
