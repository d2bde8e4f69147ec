"""What an index survives: `python -m benchmarks.faults` kills writers, fails writes, flips bytes, and prints a table.

- kills: a process that adds, updates, deletes, commits and merges is killed (SIGKILL) at a random moment, again and
  again, always on the same index; so is `index_paths` with two workers, or one of its workers. Each time the index must
  open, hold just what was committed last, and be sound.
- flips: one byte in every part of a segment; `check` must name the part, and queries give what they gave or an error.
- readers: 8 processes search while 100 commits change every document; each answer must be of one commit.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from whoosh import query as wq
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

import searcher
from searcher import codec
from searcher.analysis.analyzer import VietnameseAnalyzer
from searcher.codec.checking import check

WORDS: Final = ("công", "an", "tỉnh", "bắt", "nhóm", "mua", "bán", "ma", "tuý", "biên", "giới", "người", "dân")
SAMPLES: Final = Path(__file__).resolve().parents[1] / "seeds"


def schema() -> Schema:
    return Schema(
        id=ID(unique=True, stored=True),
        note=STORED,
        commit=NUMERIC(int, sortable=True),
        topic=KEYWORD(commas=True),
        body=TEXT(analyzer=VietnameseAnalyzer(), stored=True),
    )


def state(commit: int) -> dict[str, int]:
    """Return what the index of `write_for_ever` holds after so many commits: ids, and the commit that wrote each."""
    held: dict[str, int] = {}
    for number in range(1, commit + 1):
        held |= {f"{number}-{at}": number for at in range(5)}
        if number > 1:
            held[f"{number - 1}-0"] = number
        if number > 2:
            held.pop(f"{number - 2}-1")
    return held


def document(article_id: str, commit: int) -> dict[str, Any]:
    body = " ".join(random.Random(article_id).choices(WORDS, k=60))
    return {"id": article_id, "note": commit, "commit": commit, "topic": f"t{commit % 7}", "body": body}


def write_for_ever(folder: Path, done: int) -> None:
    """Commit after commit, telling each on standard output once it is made; merges in between."""
    index = codec.open_index(folder)
    print("ready", flush=True)
    while True:
        done += 1
        writer = index.writer()
        for at in range(5):
            writer.add_document(**document(f"{done}-{at}", done))
        if done > 1:
            writer.update_document(**document(f"{done - 1}-0", done))
        if done > 2:
            writer.delete_by_term("id", f"{done - 2}-1")
        writer.commit(optimize=done % 10 == 0)
        print(done, flush=True)


def held(folder: Path) -> dict[str, int]:
    with codec.open_index(folder).reader() as reader:
        return {stored["id"]: stored["note"] for stored in reader.all_stored_fields()}


def child(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.faults", *map(str, arguments)]
    root = Path(__file__).resolve().parents[1]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, start_new_session=True)


def kill_writers(folder: Path, kills: int, longest_s: float = 0.4) -> Iterator[str]:
    """Yield "" for each kill that the index survived, else what is wrong."""
    codec.create(folder, schema())
    done = 0
    for _ in range(kills):
        process = child("--write", folder, "--done", done)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0, longest_s))
        process.kill()
        told = [int(line) for line in process.stdout.read().split() if line.isdigit()]
        process.wait()
        process.stdout.close()
        told_last = max(told, default=done)
        found = held(folder)
        done = next((one for one in (told_last, told_last + 1) if state(one) == found), -1)
        if done < 0:
            yield f"neither the state of commit {told_last} nor of the next"
            return
        yield "" if not check(folder).problems else "check found damage"


def articles(path: Path, count: int, version: int) -> None:
    """Write invented articles of random words."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            body = " ".join(random.Random(f"{number}/{version if number % 5 == 0 else 0}").choices(WORDS, k=500))
            file.write(json.dumps({"id": f"a{number}", "title": f"Bài {number}", "body": body}) + "\n")


def index_with_workers(folder: Path, path: Path) -> searcher.Summary:
    return searcher.index_paths(folder, [path], jobs=2, memory_mb=128, commit_every=500)


def kill_indexing(folder: Path, kills: int) -> Iterator[str]:
    """The same for `index_paths` with workers; every second time it is a worker that is killed."""
    folder.mkdir(exist_ok=True)
    source = folder.parent / "articles.jsonl"
    articles(source, 4000, 0)
    index_with_workers(folder, source)
    for number in range(kills):
        articles(source, 4000, number + 1)
        process = child("--index", folder, source)
        time.sleep(random.uniform(0.3, 4.0))
        victims = children_of(process.pid) if number % 2 else [process.pid]
        for pid in victims[:1]:
            os.kill(pid, signal.SIGKILL)
        output = process.communicate()[0]
        if number % 2 and victims and process.returncode == 0 and "done" not in output:
            yield "it went on without the worker, and did not say so"
            return
        with searcher.open_index(folder) as index:
            total = index.search("", limit=1).total
        if total != 4000:
            yield f"{total} articles of 4000"
            return
        yield "" if not check(folder).problems else "check found damage"
    index_with_workers(folder, source)
    again = index_with_workers(folder, source)
    if again.unchanged != 4000:
        yield f"{again.unchanged} unchanged of 4000"


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in path.read_text().split()] if path.exists() else []


def flip_bytes(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield for every part of the segment what went wrong when one byte of it was another, or ""."""
    searcher.index_paths(folder, [SAMPLES])
    (path,) = folder.glob("*.seg")
    sound = path.read_bytes()
    length = int.from_bytes(sound[:8], "little")
    header = json.loads(sound[8 : 8 + length])
    places = {name: one["data_offsets"] for name, one in header.items() if name != "__metadata__"}
    expected = answers(folder)
    for part, (start, stop) in {"header": (-length, 0), **places}.items():
        if start == stop:
            continue
        raw = bytearray(sound)
        raw[8 + length + random.randrange(start, stop)] ^= 1 << random.randrange(8)
        path.write_bytes(raw)
        problem = "" if part in {one.part for one in check(folder).problems} else "check does not name it"
        try:
            if answers(folder) != expected:
                problem = "a wrong answer"
        except searcher.IndexUnusable:
            pass
        yield part, problem
    path.write_bytes(sound)


def answers(folder: Path) -> Any:
    """Return what some searches give, by relevance and by date, with facets, snippets and statistics."""
    with searcher.open_index(folder) as index:
        found = []
        for text in ("mại dâm Sơn La", "mai dam", '"ma túy" biên giới', "ma túy OR HIV", "buon nguoi -HIV"):
            for sort in ("relevance", "newest"):
                results = index.search(text, sort=sort, limit=5)
                found.append((results.total, [(hit.article, hit.score, hit.snippet) for hit in results.hits]))
                found.append(results.facets)
        return found, index.stats()


def read_for_ever(folder: Path) -> None:
    """Search the newest state again and again; tell what was seen, and "broken" where it is of several commits."""
    last = 0
    looks = 0
    print("ready", flush=True)
    stop = folder / "stop"
    while not stop.exists():
        with codec.open_index(folder).searcher() as opened:
            results = opened.search(wq.Or([wq.Term("body", word) for word in WORDS[:3]]), limit=None)
            seen = {hit["note"] for hit in results}
            if len(results) != 20 or len(seen) != 1 or min(seen) < last:
                print("broken", len(results), sorted(seen), last, flush=True)
                return
            last = min(seen)
            looks += 1
    print(looks, flush=True)


def read_while_writing(folder: Path, readers: int, commits: int) -> tuple[int, list[str]]:
    """Return how often the readers looked, and what they saw that is no whole state."""
    index = codec.create(folder, schema())
    _commit_all(index, 1)
    processes = [child("--read", folder) for _ in range(readers)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for number in range(2, commits + 1):
        _commit_all(index, number)
    (folder / "stop").touch()
    said = [process.communicate()[0].strip() for process in processes]
    return sum(int(one) for one in said if one.isdigit()), [one for one in said if not one.isdigit()]


def _commit_all(index: codec.ArrayIndex, number: int) -> None:
    writer = index.writer()
    for at in range(20):
        writer.update_document(**document(f"d{at}", number))
    writer.commit(optimize=number % 10 == 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--done", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write_for_ever(given.write, given.done)
    if given.read:
        read_for_ever(given.read)
        return 0
    if given.index:
        index_with_workers(*given.index)
        print("done", flush=True)
        return 0
    return report(given.kills)


def report(kills: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in ("writers", "indexing", "flips", "readers"):
            (folder / one).mkdir()
        of_indexing = kills // 5
        rows: list[tuple[str, int, list[str]]] = []
        said = list(kill_writers(folder / "writers", kills - of_indexing))
        rows.append(("kills of a writer that commits and merges", len(said), [one for one in said if one]))
        said = list(kill_indexing(folder / "indexing" / "index", of_indexing))
        rows.append(("kills of indexing with 2 workers, or of a worker", len(said), [one for one in said if one]))
        flips = list(flip_bytes(folder / "flips"))
        rows.append(("one byte flipped, in every part", len(flips), [f"{part}: {one}" for part, one in flips if one]))
        looks, broken = read_while_writing(folder / "readers", 8, 100)
        rows.append(("looks of 8 readers during 100 commits", looks, broken))
    print(f"{'':52}{'times':>8}{'failed':>8}")
    for what, times, failed in rows:
        print(f"{what:52}{times:8}{len(failed):8}")
        for one in failed:
            print(f"    {one}")
    return 1 if any(failed for _what, _times, failed in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
