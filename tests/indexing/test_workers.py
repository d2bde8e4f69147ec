"""Worker processes: the same index whatever their number, and nothing lost when one of them dies."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import pytest

import searcher
from searcher.codec.checking import check
from searcher.indexing import index_paths
from tests.codec.samples import WORDS

pytestmark = pytest.mark.slow

COUNT = 600


def write_articles(path: Path, count: int = COUNT, version: int = 0) -> Path:
    """Write invented articles of random words, some of them different in each version, with dates and without."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            random = Random(f"{number}/{version if number % 5 == 0 else 0}")
            article = {"id": f"a{number}", "title": f"Bài {number}", "body": " ".join(random.choices(WORDS, k=200))}
            if number % 3:
                article["published"] = f"{1 + number % 28:02}/0{1 + number % 9}/20{10 + number % 10} 08:00"
            file.write(json.dumps(article) + "\n")
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_articles(tmp_path_factory.mktemp("source") / "articles.jsonl")


def index_with(folder: Path, source: Path, jobs: int, **how: bool) -> searcher.Summary:
    return index_paths(folder, [source], jobs=jobs, memory_mb=100, commit_every=200, **how)


def segments(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.seg"), key=lambda path: path.stat().st_size)]


def test_the_number_of_processes_changes_no_byte_of_the_index(tmp_path: Path, source: Path) -> None:
    summaries = [index_with(tmp_path / str(jobs), source, jobs) for jobs in (1, 2)]
    assert [summary.added for summary in summaries] == [COUNT, COUNT]
    assert [summary.jobs for summary in summaries] == [1, 2]
    assert segments(tmp_path / "1") == segments(tmp_path / "2")
    again = write_articles(tmp_path / "articles.jsonl", version=1)
    changes = [index_paths(tmp_path / str(jobs), [again], jobs=jobs, memory_mb=100) for jobs in (1, 2)]
    assert [(one.updated, one.unchanged) for one in changes] == [(COUNT, 0)] * 2  # they come from another file now
    assert segments(tmp_path / "1") == segments(tmp_path / "2")


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "articles.jsonl", 60)
    index_with(tmp_path / "index", path, 1)
    write_articles(path, 70, version=1)
    summary = index_with(tmp_path / "index", path, 1)
    assert (summary.added, summary.updated, summary.unchanged) == (10, 12, 48)
    with searcher.open_index(tmp_path / "index") as index:
        assert index.search("").total == 70


def test_little_text_starts_no_processes(tmp_path: Path) -> None:
    summary = index_with(tmp_path / "index", write_articles(tmp_path / "few.jsonl", 20), 4)
    assert summary.jobs == 1


def test_a_summary_says_where_the_time_went(tmp_path: Path) -> None:
    summary = index_with(tmp_path / "index", write_articles(tmp_path / "few.jsonl", 20), 1)
    assert {"read", "decide", "tag", "sign", "segment", "invert", "compress", "write", "commit"} <= set(summary.stages)
    assert summary.peak_bytes > 0 or sys.platform == "win32"


def test_a_script_without_a_main_guard_may_index_with_workers(tmp_path: Path, source: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import searcher, sys\nfrom pathlib import Path\n"
        "print(searcher.index_paths(Path(sys.argv[1]), [Path(sys.argv[2])], jobs=2, memory_mb=100).added)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "index"), str(source)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == (f"{COUNT}\n", "", 0)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")


def children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += map(int, path.read_text().split())
    return found


def wait_for_children(pid: int) -> list[int]:
    for _ in range(400):
        if found := children(pid):
            return found
        time.sleep(0.02)
    raise AssertionError("no worker was started")


@needs_proc
def test_a_worker_that_dies_is_a_clear_error_and_loses_nothing(tmp_path: Path, source: Path) -> None:
    index_with(tmp_path / "index", write_articles(tmp_path / "few.jsonl", 30), 1)
    before = set(children(os.getpid()))

    def kill_one() -> None:
        while not (new := set(children(os.getpid())) - before):
            time.sleep(0.01)
        os.kill(min(new), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(searcher.WorkerFailed, match="unexpectedly"):
        index_with(tmp_path / "index", source, 2)
    killer.join()
    assert check(tmp_path / "index").problems == []
    with searcher.open_index(tmp_path / "index") as index:
        assert index.search("").total >= 30
    assert set(children(os.getpid())) <= before
    assert index_with(tmp_path / "index", source, 2).articles == COUNT


@needs_proc
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_workers_end_with_the_process_that_started_them(tmp_path: Path, source: Path, sent: signal.Signals) -> None:
    folder = tmp_path / "index"
    index_with(folder, write_articles(tmp_path / "few.jsonl", 30), 1)
    command = [sys.executable, "-m", "searcher", "index", "-i", folder, "-j", "2", "--memory", "100", source]
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    workers = wait_for_children(process.pid)
    process.send_signal(sent)
    _output, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert process.returncode == (-signal.SIGKILL if sent == signal.SIGKILL else 130)
    for _ in range(250):
        if not any(Path(f"/proc/{pid}/exe").exists() for pid in workers):
            break
        time.sleep(0.02)
    assert not any(Path(f"/proc/{pid}/exe").exists() for pid in workers)
    assert check(folder).problems == []
    assert index_with(folder, source, 1).articles == COUNT
    others = {path.name for path in folder.iterdir() if path.suffix not in (".seg", ".toc")}
    assert others <= {"MAIN_WRITELOCK", "last-run.json"}
    assert len(list(folder.glob("*.toc"))) == 1


def test_an_interrupted_rebuild_leaves_the_old_index(tmp_path: Path, source: Path) -> None:
    index_with(tmp_path / "index", write_articles(tmp_path / "few.jsonl", 30), 1)

    def stop(_bytes: int, articles: int) -> None:
        if articles > 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_paths(
            tmp_path / "index", [source], rebuild=True, jobs=1, memory_mb=100, commit_every=100, on_progress=stop
        )
    with searcher.open_index(tmp_path / "index") as index:
        assert index.search("").total == 30


def test_the_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "few.jsonl", 3)
    index_with(tmp_path / "index", source, 1)
    with searcher.open_index(tmp_path / "index") as index:
        writer = index.whoosh.writer()
        with pytest.raises(searcher.IndexLocked, match=f"{os.getpid()} "):
            index_with(tmp_path / "index", source, 1)
        with pytest.raises(searcher.IndexLocked):
            index_with(tmp_path / "index", source, 1, rebuild=True)
        writer.cancel()
    assert index_with(tmp_path / "index", source, 1).unchanged == 3
