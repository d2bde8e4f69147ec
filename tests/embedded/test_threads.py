"""One open index answers several threads as it answers one."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import msgspec
import pytest
from whoosh import query as wq

import searcher
from searcher import codec
from searcher.execution import Executor
from tests.codec.samples import documents, fill, our_index
from tests.codec.test_checking import flip, layout, segment_file
from tests.invented import indexed, invented

pytestmark = pytest.mark.slow

THREADS = 8
IDS = [f"bai-{number:03}" for number in range(0, 400, 7)]
QUERIES = (
    "ma túy",
    "mại dâm",
    '"đường dây"',
    "mua bán người",
    "heroin -methadone",
    "duong day ma tuy",
    "vụ 12",
    "karaoke*",
)

CALLS: dict[str, list[Callable[[searcher.EmbeddedIndex], Any]]] = {
    "get": [lambda index, one=one: index.get(one) for one in IDS],
    "search": [lambda index, text=text: index.search(text, explain=True) for text in QUERIES],
    "search by date": [lambda index, text=text: index.search(text, sort="newest", limit=5) for text in QUERIES],
    "search in topics": [lambda index, text=text: index.search(text, topics=["ma-tuy"]) for text in QUERIES],
    "export": [lambda index, text=text: list(index.export(text, snippets=True)) for text in QUERIES[:3]],
    "suggest": [lambda index, text=text: index.suggest(text) for text in ("ma", "đường d", "son", "karao", "mai dam")],
    "similar": [lambda index, one=one: index.similar(one) for one in IDS[:6]],
    "trends": [lambda index, by=by: index.trends("ma túy", by=by) for by in ("year", "month", "province", "topic")],
    "stats": [lambda index: index.stats()],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments, the first with a dictionary that its articles are compressed with."""
    folder = tmp_path_factory.mktemp("threads") / "index"
    indexed(folder, invented(400))
    return indexed(folder, invented(90, start=400), "more")


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads take turns after every few bytecodes."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    """Run the work in each thread, all begun at once, and return what each gave."""
    together = Barrier(THREADS)

    def begin(number: int) -> Any:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def plain(answer: Any) -> Any:
    """Return an answer as plain data, without what it took."""
    data = msgspec.to_builtins(answer)
    return {name: value for name, value in data.items() if name != "took_ms"} if isinstance(data, dict) else data


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.usefixtures("switching")
def test_every_method_answers_eight_threads_as_it_answers_one(folder: Path, name: str) -> None:
    calls = CALLS[name]
    with searcher.open_index(folder) as index:
        expected = [plain(call(index)) for call in calls]
    for turn in range(2):
        with searcher.open_index(folder) as index:

            def work(thread: int, index: searcher.EmbeddedIndex = index, turn: int = turn) -> dict[int, Any]:
                order = list(range(len(calls)))
                Random(turn * THREADS + thread).shuffle(order)
                return {number: plain(calls[number](index)) for number in order}

            for answers in in_threads(work):
                assert [answers[number] for number in range(len(calls))] == expected


@pytest.mark.usefixtures("switching")
def test_sets_and_scores_that_threads_share_are_never_seen_half_made(tmp_path: Path) -> None:
    index = our_index(tmp_path)
    fill(index, documents(3000))
    queries = [
        wq.And([wq.Term("body", "an"), wq.Not(wq.Term("title", "an"))]),
        wq.Or([wq.Term("title", one) for one in ("an", "công", "tỉnh", "la")]),
        wq.Phrase("body", ["công", "an"]),
        wq.Prefix("body", "m"),
        wq.SpanNear2([wq.Term("body", "công"), wq.Term("body", "tỉnh")], slop=3),
    ]
    expected = [found(Executor(index.reader()), query) for query in queries]
    for _turn in range(5):
        executor = Executor(index.reader())

        def work(thread: int, executor: Executor = executor) -> list[Any]:
            return [found(executor, queries[(thread + at) % len(queries)]) for at in range(len(queries))]

        for thread, answers in enumerate(in_threads(work)):
            assert answers == [expected[(thread + at) % len(queries)] for at in range(len(queries))]


def found(executor: Executor, query: wq.Query) -> Any:
    docs, scores = executor.score(query)
    return docs.ids.tolist(), scores.tolist()


@pytest.mark.usefixtures("switching")
def test_a_damaged_block_is_noticed_though_several_threads_read_the_part_first(tmp_path: Path) -> None:
    index = our_index(tmp_path)
    fill(index, documents(1200))
    path = segment_file(tmp_path)
    start, stop = layout(path)["stored"]
    flip(path, stop - 10)
    for _turn in range(4):
        reader = codec.open_index(tmp_path).reader()
        (leaf, _offset), *_others = reader.leaf_readers()
        part = leaf.arrays.container.part("stored")
        sound = part.dtype.itemsize * (stop - start) - 4096 - 10

        def work(_thread: int, part: Any = part, sound: int = sound) -> None:
            for at in range(0, sound, 4096):
                part.slice(at, at + 1)

        in_threads(work)
        with pytest.raises(codec.IndexDamaged):
            part.all()
