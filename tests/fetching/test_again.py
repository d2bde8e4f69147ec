"""Fetching again: what is known is not asked for, what changed is, and a kill loses the page in flight at most."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

import searcher
from searcher.errors import FolderInUse, FolderUnusable
from searcher.fetching import Store, fetch_pages
from searcher.gathering import index_new, new_files
from tests.fetching.conftest import QUICK, Fetch
from tests.fetching.server import Request, Site, answer, page, rss

pytestmark = pytest.mark.slow


def records(into: Path) -> list[tuple[str, bytes]]:
    """The URL and the body of every page in the WARC files of a folder."""
    found: list[tuple[str, bytes]] = []
    for path in sorted(into.glob("*.warc.gz")):
        with path.open("rb") as file:
            found += (
                (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
                for record in ArchiveIterator(file, check_digests="raise")
                if record.rec_type == "response"
            )
    return found


def test_what_came_is_on_disk_as_it_came(site: Site, fetch: Fetch, into: Path) -> None:
    raw = page("Trang giả định").replace("utf-8", "windows-1258").encode("cp1258", "ignore")
    site.routes["/1"] = answer(raw, content_type="text/html; charset=windows-1258")
    fetch("/1")
    assert records(into) == [(site.url + "/1", raw)]


def test_a_page_that_the_server_says_has_not_changed_is_unchanged(site: Site, fetch: Fetch, into: Path) -> None:
    def conditional(request: Request) -> bytes:
        if request.headers.get("if-none-match") == '"v1"':
            return answer(status="304 Not Modified", content_length="")
        return answer(page("Trang giả định"), etag='"v1"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT")

    site.routes["/1"] = conditional
    assert fetch("/1").new == 1
    assert site.requests[-1].headers.get("if-none-match") is None
    assert fetch("/1").unchanged == 1
    assert site.requests[-1].headers["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"
    assert len(records(into)) == 1


def test_a_page_that_comes_again_the_same_is_kept_once_and_one_that_differs_twice(
    site: Site, fetch: Fetch, into: Path
) -> None:
    site.routes["/1"] = page("Trang giả định")
    assert fetch("/1").new == 1
    assert fetch("/1").unchanged == 1
    site.routes["/1"] = page("Trang giả định đã sửa")
    assert fetch("/1").changed == 1
    assert len(records(into)) == 2


def test_a_second_run_over_a_feed_asks_for_what_is_new_only(site: Site, fetch: Fetch) -> None:
    site.routes |= {f"/tin/{number}": page(f"Tin giả định {number}") for number in range(1, 5)}
    dates = [(f"{site.url}/tin/{number}", f"2024-01-0{number}T08:00:00+07:00") for number in range(1, 5)]
    site.routes["/rss"] = rss(*dates[:3])
    assert fetch("/rss").new == 3
    site.routes["/rss"] = rss(*dates)
    assert fetch("/rss").new == 1
    assert all(count == 1 for path, count in site.paths().items() if path != "/rss")


def test_a_page_that_its_feed_dates_later_is_asked_for_again(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/tin": page("Tin giả định"), "/rss": rss((f"{site.url}/tin", "2024-01-01T08:00:00+07:00"))}
    assert fetch("/rss").new == 1
    site.routes["/tin"] = page("Tin giả định đã sửa")
    time.sleep(1.1)  # a feed's dates are whole seconds
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    site.routes["/rss"] = rss((f"{site.url}/tin", now))
    assert fetch("/rss").changed == 1


def test_what_a_limit_left_is_fetched_although_the_feed_has_not_changed(site: Site, fetch: Fetch) -> None:
    site.routes |= {f"/tin/{number}": page(f"Tin giả định {number}") for number in range(5)}
    feed = rss(*((f"{site.url}/tin/{number}", "2024-01-01T08:00:00+07:00") for number in range(5)))

    def conditional(request: Request) -> bytes:
        seen = request.headers.get("if-none-match") == '"v1"'
        return answer(status="304 Not Modified", content_length="") if seen else answer(feed, etag='"v1"')

    site.routes["/rss"] = conditional
    assert fetch("/rss", limit=2).new == 2
    assert fetch("/rss", limit=2).new == 2
    assert fetch("/rss").new == 1
    assert fetch("/rss").new == 0


def test_two_addresses_that_lead_to_one_page_keep_it_once(site: Site, fetch: Fetch, into: Path) -> None:
    site.routes |= {"/tin": page("Tin giả định"), "/ngan": answer(status="301 Moved", location="/tin")}
    summary = fetch("/tin", "/ngan")
    assert (summary.new, summary.unchanged) == (1, 1)
    assert len(records(into)) == 1


RUN = """
import sys
from pathlib import Path
from searcher.fetching import Limits, Store, fetch_pages
with Store(Path(sys.argv[2])) as store:
    fetch_pages([sys.argv[1]], store, limits=Limits(delay_s=0.01), allow_private=True)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_goes_on_where_it_was(
    site: Site, fetch: Fetch, into: Path, tmp_path: Path, end: signal.Signals
) -> None:
    count = 40
    site.routes |= {f"/tin/{number}": page(f"Tin giả định {number}") for number in range(count)}
    feed = rss(*((f"{site.url}/tin/{number}", "2024-01-01T08:00:00+07:00") for number in range(count)))
    site.routes["/rss"] = feed
    with subprocess.Popen(
        [sys.executable, "-c", RUN, site.url + "/rss", into], stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while len(site.paths()) < 12:
            time.sleep(0.005)
        os.kill(process.pid, end)
    with Store(into):  # which cuts off what the kill left
        kept = len(records(into))
    assert kept >= 10
    site.routes["/rss"] = answer(status="304 Not Modified", content_length="")
    assert fetch("/rss").new == count - kept
    assert len({url for url, _body in records(into)}) == len(records(into)) == count
    with Store(into) as store:
        summary = index_new(store, tmp_path / "index")
    assert summary is not None
    assert (summary.added, summary.rejected) == (count, [])


def test_what_a_kill_left_of_a_record_is_cut_off(site: Site, fetch: Fetch, into: Path) -> None:
    site.routes |= {"/1": page("Tin giả định"), "/2": page("Tin giả định khác")}
    fetch("/1")
    (path,) = into.glob("*.warc.gz")
    whole = path.read_bytes()
    path.write_bytes(whole + b"\x1f\x8b\x08\x00half a record")
    fetch("/2")
    assert path.read_bytes() == whole
    assert len(records(into)) == 2


def test_a_folder_is_for_one_process_at_a_time(into: Path) -> None:
    with Store(into), pytest.raises(FolderInUse, match="Another searcher is fetching into"):
        Store(into)
    with Store(into):
        pass


def test_a_damaged_record_is_a_sentence(into: Path) -> None:
    into.mkdir()
    (into / "fetched.sqlite").write_bytes(b"no database at all" * 1000)
    with pytest.raises(FolderUnusable, match="is damaged; moved away, every page will be asked for anew"):
        Store(into)


def test_a_record_of_another_version_is_a_sentence(into: Path) -> None:
    into.mkdir()
    (into / "fetched.sqlite").touch()  # a record that was not there before and has nothing in it goes with its folder
    with Store(into):
        pass
    database = sqlite3.connect(into / "fetched.sqlite")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(FolderUnusable, match="was written by another version of searcher"):
        Store(into)


def test_a_folder_that_is_a_file_is_a_sentence(into: Path) -> None:
    into.write_text("a file")
    with pytest.raises(FolderUnusable, match="can't be used"):
        Store(into)


def test_a_disk_that_is_full_keeps_what_was_there(site: Site, fetch: Fetch, into: Path) -> None:
    site.routes |= {f"/{number}": page(f"Tin giả định {number}") for number in range(3)}
    fetch("/0")

    class Full:
        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

        def fsync(self, _descriptor: int) -> None:
            raise OSError(28, "No space left on device")

    import searcher.fetching.archive as archive

    before = archive.os
    archive.os = Full()  # type: ignore[assignment]
    try:
        with pytest.raises(FolderUnusable, match="can't be used: No space left on device"):
            fetch("/1")
    finally:
        archive.os = before
    assert fetch("/1", "/2").new == 2
    assert len(records(into)) == 3


def test_each_index_is_given_what_it_has_not_had(site: Site, fetch: Fetch, into: Path, tmp_path: Path) -> None:
    site.routes |= {"/1": page("Tin giả định"), "/2": page("Tin giả định khác")}
    fetch("/1")
    first, second = tmp_path / "first", tmp_path / "second"
    with Store(into) as store:
        assert index_new(store, first).added == 1  # type: ignore[union-attr]
        assert index_new(store, first) is None
    fetch("/2")
    with Store(into) as store:
        assert index_new(store, first).added == 1  # type: ignore[union-attr]
        assert index_new(store, second).added == 2  # type: ignore[union-attr]
        assert new_files(store, second) == []


def test_the_newer_version_of_a_page_is_the_one_that_is_found(site: Site, into: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    for title in ("Tin giả định", "Tin giả định đã sửa"):
        site.routes["/tin"] = page(title)
        searcher.fetch([site.url + "/tin"], into, index, limits=QUICK, allow_private=True)
    anew = tmp_path / "anew"
    searcher.index_paths(anew, [into])
    for folder in (index, anew):
        with searcher.open_index(folder) as opened:
            assert [hit.article.title for hit in opened.search("").hits] == ["Tin giả định đã sửa"]


TITLE = "Triệt phá đường dây ma túy giả định ở Sơn La"


def _with_tones_apart(letter: str) -> str:
    """A letter as windows-1258 has it: the tone mark is a letter of its own."""
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)) + tones


@pytest.mark.parametrize(
    ("encoding", "said", "meta"),
    [
        ("utf-8", "text/html; charset=iso-8859-1", "utf-8"),
        ("utf-8", "text/html; charset=windows-1258", "windows-1258"),
        ("utf-8", "text/html", ""),
        ("cp1258", "text/html; charset=utf-8", "windows-1258"),
        ("cp1258", "text/html; charset=windows-1258", ""),
        ("utf-16", "text/html; charset=utf-8", ""),
        ("utf-8", "text/html; charset=x-khong-co", "x-khong-co"),
        ("utf-8", "application/octet-stream", ""),
    ],
)
def test_a_wrong_charset_does_no_harm(
    site: Site, into: Path, tmp_path: Path, encoding: str, said: str, meta: str
) -> None:
    text = page(TITLE).replace("<meta charset='utf-8'>", meta and f"<meta charset='{meta}'>")
    if encoding == "cp1258":
        text = "".join(map(_with_tones_apart, text))
    site.routes["/tin"] = answer(text.encode(encoding), content_type=said)
    searcher.fetch([site.url + "/tin"], into, tmp_path / "index", limits=QUICK, allow_private=True)
    with searcher.open_index(tmp_path / "index") as index:
        assert [hit.article.title for hit in index.search("Sơn La").hits] == [TITLE]


def test_the_public_names_fetch_and_index(site: Site, into: Path, tmp_path: Path) -> None:
    site.routes["/tin"] = page("Tin giả định", "mua bán người")
    gathered = searcher.fetch([site.url + "/tin"], into, tmp_path / "index", limits=QUICK, allow_private=True)
    assert gathered.fetched.new == 1
    with searcher.open_index(tmp_path / "index") as index:
        (hit,) = index.search("mua bán người").hits
        assert hit.article.url == site.url + "/tin"
        assert hit.article.published is not None


def test_without_an_index_pages_are_only_kept(site: Site, into: Path) -> None:
    site.routes["/tin"] = page("Tin giả định")
    with Store(into) as store:
        assert fetch_pages([site.url + "/tin"], store, limits=QUICK, allow_private=True).new == 1
    assert searcher.fetch([site.url + "/tin"], into, limits=QUICK, allow_private=True).indexed is None
