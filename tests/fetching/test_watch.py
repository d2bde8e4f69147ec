"""Watching: what is new is found a round later; it keeps its time, survives failing feeds, and ends cleanly."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

import searcher
from searcher.errors import FolderInUse
from searcher.fetching import Store
from searcher.gathering import Round, watch
from tests.fetching.conftest import QUICK
from tests.fetching.server import Site, answer, page, rss

pytestmark = pytest.mark.slow


def article(site: Site, number: int) -> tuple[str, str]:
    site.routes[f"/tin/{number}"] = page(f"Tin giả định {number}")
    return f"{site.url}/tin/{number}", f"2024-01-0{number}T08:00:00+07:00"


class Watched:
    """Watches some feeds for so many rounds; `before_next` is called after each."""

    def __init__(self, rounds: int) -> None:
        self.rounds: list[Round] = []
        self._count = rounds

    def before_next(self, number: int) -> None:
        """For a test to change the world."""

    def __call__(self, one: Round) -> None:
        self.rounds.append(one)
        self.before_next(len(self.rounds))
        if len(self.rounds) == self._count:
            raise KeyboardInterrupt


def run(watched: Watched, site: Site, into: Path, *feeds: str, every_s: float = 0.3) -> list[Round]:
    index = into.parent / "index"
    urls = [site.url + feed for feed in feeds]
    watch(urls, into, index, every_s=every_s, on_round=watched, limits=QUICK, allow_private=True)
    return watched.rounds


def test_what_is_new_is_in_the_index_after_the_next_round(site: Site, into: Path) -> None:
    first, second = article(site, 1), article(site, 2)
    site.routes["/rss"] = rss(first)
    watched = Watched(3)
    watched.before_next = lambda _number: site.routes.update({"/rss": rss(first, second)})  # type: ignore[method-assign]
    rounds = run(watched, site, into, "/rss")
    assert [one.fetched.new for one in rounds] == [1, 1, 0]
    assert [one.indexed and one.indexed.added for one in rounds] == [1, 1, None]
    with searcher.open_index(into.parent / "index") as index:
        assert index.search("").total == 2


def test_rounds_begin_at_whole_intervals_however_long_they_take(site: Site, into: Path) -> None:
    def slow(_request: object) -> bytes:
        site.pause(0.15)
        return answer(rss(article(site, 1)))

    site.routes["/rss"] = slow
    rounds = run(Watched(4), site, into, "/rss", every_s=0.5)
    for before, after in pairwise(rounds):
        assert before.next is not None
        assert (after.began - before.next).total_seconds() >= -0.05
    steps = [(one.next - rounds[0].next).total_seconds() / 0.5 for one in rounds if one.next and rounds[0].next]
    assert all(abs(step - round(step)) < 0.02 for step in steps)


def test_a_failing_feed_rests_longer_and_longer_and_the_others_go_on(site: Site, into: Path) -> None:
    site.routes["/rss"] = rss(article(site, 1))
    # A round that takes longer than this misses the next one's moment, and rests are counted in moments.
    rounds = run(Watched(8), site, into, "/rss", "/hong", every_s=0.6)
    assert [one.resting for one in rounds] == [0, 0, 1, 0, 1, 1, 1, 0]
    assert [one.feeds for one in rounds] == [2, 2, 1, 2, 1, 1, 1, 2]
    assert site.paths()["/rss"] == 8
    assert site.paths()["/hong"] == 4


def test_a_locked_index_is_tried_again_in_the_next_round(site: Site, into: Path) -> None:
    site.routes["/rss"] = rss(article(site, 1))
    index = into.parent / "index"
    searcher.index_paths(index, [Path(__file__).parents[2] / "seeds"])
    from searcher.storage import open_storage

    writer = open_storage(index).writer()
    watched = Watched(2)
    watched.before_next = lambda number: writer.cancel() if number == 1 else None  # type: ignore[method-assign]
    rounds = run(watched, site, into, "/rss")
    assert "Another process is writing to this index" in rounds[0].error
    assert rounds[1].error == ""
    assert rounds[1].indexed is not None
    assert rounds[1].indexed.added == 1


def test_one_watcher_a_folder(into: Path) -> None:
    with Store(into), pytest.raises(FolderInUse):
        watch(["http://127.0.0.1:1/"], into, into.parent / "index", every_s=60, on_round=print)


def test_a_watcher_in_the_background_of_a_script_can_be_ended(site: Site, into: Path) -> None:
    site.routes["/rss"] = rss(article(site, 1))
    command = [sys.executable, "-m", "searcher", "watch", f"{site.url}/rss", "--allow-private", "--delay", "0"]
    command += ["--into", str(into), "-i", str(into.parent / "index")]
    ignoring = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
    with subprocess.Popen(ignoring, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "1 new" in process.stdout.readline()
        process.terminate()
        _shown, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("where", ["between rounds", "in a round"])
def test_the_command_ends_cleanly_and_what_came_is_indexed(
    site: Site, into: Path, end: signal.Signals, where: str
) -> None:
    site.routes["/rss"] = rss(article(site, 1), article(site, 2))
    if where == "in a round":
        site.routes["/tin/1"] = lambda _: iter(
            lambda: site.pause(0.2) or b"", None
        )  # the other is newer, so it is first
    index = into.parent / "index"
    command = [sys.executable, "-m", "searcher", "watch", f"{site.url}/rss", "--allow-private", "--delay", "0"]
    with subprocess.Popen(
        [*command, "--into", into, "-i", index], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        if where == "between rounds":
            assert "2 new" in process.stdout.readline()
        else:
            while site.paths()["/tin/1"] == 0:
                site.pause(0.01)
        process.send_signal(end)
        shown, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert errors == ""
    assert ("1 added to the index" in shown) == (where == "in a round")
    with searcher.open_index(index) as opened:
        assert opened.search("").total == (1 if where == "in a round" else 2)
