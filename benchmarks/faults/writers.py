"""A writer that commits for ever, killed at any moment; and readers that look on."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from whoosh import query as wq
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

from benchmarks.faults.disks import TellingDisk
from benchmarks.faults.processes import Outcome, child
from searcher import codec
from searcher.analysis.analyzer import VietnameseAnalyzer
from searcher.codec.checking import check

WORDS: Final = ("công", "an", "tỉnh", "bắt", "nhóm", "mua", "bán", "ma", "tuý", "biên", "giới", "người", "dân")


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
    index = codec.open_index(folder, disk=TellingDisk())
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


def kill_writers(folder: Path, kills: int, longest_s: float = 0.4) -> Iterator[Outcome]:
    """Kill it so often, always on the same index; stops where that is not what it should be."""
    codec.create(folder, schema())
    done = 0
    for _ in range(kills):
        process = child("--write", folder, "--done", done)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0, longest_s))
        process.kill()
        lines = process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        phase = _phase(lines)
        told_last = max((int(line) for line in lines if line.isdigit()), default=done)
        found = held(folder)
        done = next((one for one in (told_last, told_last + 1) if state(one) == found), -1)
        if done < 0:
            yield Outcome(phase, f"neither the state of commit {told_last} nor of the next")
            return
        yield Outcome(phase, "" if not check(folder).problems else "check found damage")


def _phase(lines: Sequence[str]) -> str:
    """Return what it was doing, by what it said since the last commit."""
    last_commit = max((number for number, line in enumerate(lines, 1) if line.isdigit()), default=0)
    since = lines[last_commit:]
    if "renamed" in since:
        return "5 committed, not yet told: clearing up"
    if "write .tmp" in since:
        return "4 writing the table of contents"
    if "wrote .seg" in since:
        return "3 segment on the disk, merging"
    return "2 writing the segment" if "write .seg" in since else "1 adding, updating, deleting"


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
