"""`searcher fetch` and `searcher watch` as a user calls them: what they print, how they exit, what is found then."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.cells import cell_len

import searcher
import searcher.cli
from tests.cli.test_look import lines
from tests.commands import COMMAND, run_in_terminal
from tests.fetching.server import Site, answer, page, rss, silence_for, sitemapindex, urlset
from tools.terminal import clean_environment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DOCS = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/fetching.md"))
SHOWN = [
    line.partition("  #")[0].strip()
    for line in DOCS.splitlines()
    if line.startswith(("    searcher fetch", "    searcher watch"))
]


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command line in this process, which saves its start."""
    before = signal.getsignal(signal.SIGTERM)

    def call(*arguments: object) -> Done:
        code = searcher.cli.run([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    yield call
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def news(site: Site) -> Site:
    """A site as the documentation's examples have it."""
    entries = [(f"{site.url}/tin/{number}.html", f"2024-01-0{number}T08:00:00+07:00") for number in range(1, 4)]
    link = "<link rel='alternate' type='application/rss+xml' href='/rss/phap-luat.rss'>"
    site.routes |= {f"/tin/{number}.html": page(f"Tin giả định {number}") for number in range(1, 4)}
    site.routes |= {
        "/": page("Trang chủ giả định", head=link),
        "/tin.html": page("Tin giả định của mạng này"),
        "/rss": rss(*entries),
        "/phap-luat": page("Chuyên mục giả định", head=link),
        "/rss/phap-luat.rss": rss(*entries),
        "/rss/xa-hoi.rss": rss(*entries),
        "/sitemap.xml": sitemapindex((f"{site.url}/sitemap-2024.xml", "2024-01-04")),
        "/sitemap-2024.xml": urlset(*entries),
        "/robots.txt": answer("User-agent: *\nDisallow: /tin/3", content_type="text/plain"),
    }
    return site


@pytest.mark.parametrize("command", SHOWN)
def test_every_command_of_the_documentation_works(run: Run, news: Site, tmp_path: Path, command: str) -> None:
    words = re.sub(r"https?://[^/\s]+", news.url, command).split()[1:]
    words += ["--once"] if words[0] == "watch" and "--once" not in words else []
    words += ["--into", str(tmp_path / "fetched")] if "--into" not in words else []
    words = [
        str(tmp_path / word) if before == "--into" else word for before, word in zip(["", *words], words, strict=False)
    ]
    done = run(*words, "--allow-private", "--delay", "0", "-i", tmp_path / "index")
    assert done.returncode == 0, done.stderr
    if "--dry-run" in words:
        assert f"{news.url}/tin/2.html" in done.stdout.splitlines()
        assert not (tmp_path / "fetched").exists()
    elif "--no-index" not in words:
        with searcher.open_index(tmp_path / "index") as index:
            assert index.search("").total >= 1


def test_the_documentation_shows_commands() -> None:
    assert len(SHOWN) >= 8


def test_a_page_that_was_fetched_is_found(run: Run, news: Site, tmp_path: Path) -> None:
    where = ("--into", tmp_path / "fetched", "-i", tmp_path / "index")
    done = run("fetch", f"{news.url}/tin/1.html", "--allow-private", *where)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "1 new, 0 changed, 0 unchanged" in done.stdout
    assert "1 added" in done.stdout
    with searcher.open_index(tmp_path / "index") as index:
        assert [hit.article.url for hit in index.search("ma tuy").hits] == [f"{news.url}/tin/1.html"]


def test_what_could_not_be_had_is_listed_with_its_reason(run: Run, news: Site, tmp_path: Path) -> None:
    where = ("--into", tmp_path / "fetched", "-i", tmp_path / "index", "--delay", "0")
    done = run("fetch", f"{news.url}/rss/xa-hoi.rss", f"{news.url}/khong-co", "ftp://x.vn", "--allow-private", *where)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "ftp://x.vn: Only http and https addresses are fetched.",
        f"{news.url}/khong-co: The server answers 404 Not Found.",
        f"{news.url}/tin/3.html: robots.txt asks programs not to fetch this page.",
    ]
    assert "2 new, 0 changed, 0 unchanged, 2 failed, 1 skipped as robots.txt asks" in done.stdout
    assert run("fetch", f"{news.url}/khong-co", "--allow-private", "--strict", *where).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["http://127.0.0.1:9/"], 1, "Port 9 is not one of web servers."),
        (["http://127.0.0.1:8080/"], 1, "'127.0.0.1' leads to 127.0.0.1, which is no public address"),
        (["http://2130706433/"], 1, "which is no public address (--allow-private would fetch it)."),
        (["file:///etc/passwd"], 1, "Only http and https addresses are fetched."),
        (["http://x.vn", "--feed", "--sitemap"], 2, "--feed and --sitemap exclude each other."),
        (["http://x.vn", "--since", "32/13/2024"], 2, "is not a date"),
        (["http://x.vn", "--limit", "0"], 2, "--limit"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_an_exit_code(
    run: Run, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    done = run("fetch", *arguments, "--into", tmp_path / "fetched", "-i", tmp_path / "index")
    assert done.returncode == code
    assert sentence in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("every", "code"), [("0", 2), ("5s", 2), ("abc", 2), ("-1h", 2), ("1m", 0), ("2H", 0), ("30", 0)]
)
def test_an_interval_is_a_number_and_a_letter(run: Run, news: Site, tmp_path: Path, every: str, code: int) -> None:
    where = ("--into", tmp_path / "fetched", "-i", tmp_path / "index", "--delay", "0", "--allow-private")
    done = run("watch", f"{news.url}/rss/xa-hoi.rss", f"--every={every}", "--once", *where)
    assert done.returncode == code, done.stderr


def test_watching_once_what_fails_exits_with_1(run: Run, news: Site, tmp_path: Path) -> None:
    where = ("--into", tmp_path / "fetched", "-i", tmp_path / "index", "--allow-private")
    done = run("watch", f"{news.url}/khong-co", "--once", *where)
    assert done.returncode == 1
    assert f"{news.url}/khong-co: The server answers 404 Not Found." in done.stderr


@pytest.mark.parametrize(("columns", "language"), [(60, "en"), (140, "vi")])
def test_in_a_terminal_nothing_is_wider_than_it(news: Site, tmp_path: Path, columns: int, language: str) -> None:
    where = ["--into", str(tmp_path / "fetched"), "-i", str(tmp_path / "index"), "--delay", "0", "--allow-private"]
    code, shown = run_in_terminal(
        "fetch", f"{news.url}/rss/xa-hoi.rss", *where, columns=columns, SEARCHER_LANG=language
    )
    assert code == 0
    assert ("bỏ qua theo robots.txt" in shown) == (language == "vi")
    drawn = [part for line in lines(shown) for part in line.split("\r")]
    assert (
        max(map(cell_len, drawn)) <= columns or columns == 60
    )  # a failure's address is not broken, so it can be copied


def test_a_server_cannot_command_the_terminal(run: Run, news: Site, tmp_path: Path) -> None:
    news.routes["/la"] = answer(status="404 \x1b[31mĐỏ".encode("latin-1", "replace").decode("latin-1"))
    news.routes["/rss/xa-hoi.rss"] = rss((f"{news.url}/la", "2024-01-01T08:00:00+07:00"))
    done = run("fetch", f"{news.url}/rss/xa-hoi.rss", "--allow-private", "--no-index", "--into", tmp_path / "fetched")
    assert "\x1b" not in done.stderr + done.stdout


def test_ctrl_c_is_said_and_the_next_run_goes_on(news: Site, tmp_path: Path, run: Run) -> None:
    news.routes["/cham"] = lambda _: silence_for(news, 30)
    where = ["--into", str(tmp_path / "fetched"), "-i", str(tmp_path / "index"), "--delay", "0", "--allow-private"]
    with subprocess.Popen(
        [*COMMAND, "fetch", f"{news.url}/tin/1.html", f"{news.url}/cham", *where],
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    ) as process:
        while not news.paths()["/cham"]:
            news.pause(0.01)
        process.send_signal(signal.SIGINT)
        _shown, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "Stopped; what was committed before stays.\n")
    done = run("fetch", f"{news.url}/tin/2.html", *where)
    assert "2 added" in done.stdout
