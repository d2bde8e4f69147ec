"""Mutated files of every format, beside good ones: each gives articles or a sentence, within bounds, and no more."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryFile
from typing import IO, Final

import searcher
from benchmarks.fuzz.limits import peak_memory, reset_peak_memory
from benchmarks.fuzz.mutations import mutated, wrapped
from searcher.cli import run
from searcher.sources import Item, Rejected, Remark
from searcher.sources.reader import read_file

CORPUS: Final = Path(__file__).parent / "corpus"
"""Small files of every format but pages; the texts in them are invented."""
_PAGES: Final = Path(__file__).parents[2] / "tests" / "sources" / "pages"
_KINDS_OF_PAGES: Final = (
    "02-tuoitre", "13-nukeviet", "17-wordpress", "20-microdata", "22-asp1258", "23-word", "25-amp", "27-singlefile",
    "29-tables", "30-broken", "38-long-comments", "39-nested-tables",
)  # fmt: skip
"""Of the tests' pages those that are made most differently: all of them would outnumber the other formats."""
MOST_MEMORY: Final = 700 * 1024 * 1024
"""Bytes that a process may hold while it reads a file of a few megabytes."""
_WHOLE: Final = 0.05
_PRINTED: Final = (1, 2)
_MOST_FOUND: Final = 400_000
_MOST_REASON: Final = 2000
_OF_OWN_MAKING: Final = frozenset({"fault", "memory"})
_GOOD: Final = "Tin lành giả định\n17/02/2020 17:05\nĐoạn dẫn giả định.\nThân bài giả định, không có thật.\n"


class Find(Exception):
    """What an attempt found."""


class Readers:
    """Mutates files of the corpus, and reads each; some go through the command, and a search for what was read."""

    name = "readers"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        os.environ["SEARCHER_LANG"] = "en"
        pages = (_PAGES / f"{name}.html" for name in _KINDS_OF_PAGES)
        self._files = [*sorted(path for path in CORPUS.iterdir() if path.name != "README.md"), *pages]
        self._faults = _Faults()
        log = logging.getLogger("searcher")
        log.addHandler(self._faults)
        log.setLevel(logging.DEBUG)
        log.propagate = False

    def attempt(self, random: Random) -> str:
        """Mutate a file and read it; returns what it was. Raises Find, or what was not caught."""
        path = self._made(random)
        said = f"{path.name} ({path.stat().st_size:,} bytes)"
        reset_peak_memory()
        self._faults.error = None
        try:
            if random.random() < _WHOLE:
                self._through_the_command(path, random)
            else:
                self._read(path)
            if (peak := peak_memory()) > MOST_MEMORY:
                raise Find(f"more than {MOST_MEMORY >> 20} MB") from Exception(f"{peak >> 20} MB")
        except BaseException as error:
            error.add_note(said)
            raise
        return said

    def _made(self, random: Random) -> Path:
        source = random.choice(self._files)
        name, raw = source.name, mutated(source.name, source.read_bytes(), random)
        if random.random() < 0.1:  # another format's name, or none
            name = "a" + random.choice(self._files).name[1:] if random.random() < 0.7 else "tin"
        if random.random() < 0.1:
            name, raw = wrapped(name, raw, random)
        shutil.rmtree(self._folder / "files", ignore_errors=True)
        (self._folder / "files").mkdir()
        path = self._folder / "files" / name
        path.write_bytes(raw)
        return path

    def _read(self, path: Path) -> None:
        for count, one in enumerate(read_file(path)):
            if count > _MOST_FOUND:
                raise Find(f"more than {_MOST_FOUND:,} things in one file")
            if isinstance(one, Rejected):
                if one.code in _OF_OWN_MAKING:
                    raise self._faults.error or Find(one.reason)
                _check_sentence(one.reason)
            elif isinstance(one, Remark):
                _check_sentence(one.text)
            elif isinstance(one, Item):
                _check_item(one)

    def _through_the_command(self, path: Path, random: Random) -> None:
        good, index = path.with_name("lành.txt"), self._folder / "index"
        shutil.rmtree(index, ignore_errors=True)
        good.write_text(_GOOD, "utf-8")
        shown = self._printed("index", str(path), str(good), "-i", str(index), "--jobs", "1")
        if self._faults.error is not None:
            raise self._faults.error
        with searcher.open_index(index) as opened:
            hits = [hit.article for hit in opened.search("", limit=50).hits]
            if not opened.search('"lành giả định"').total:
                raise Find("the good file beside it is not found")
        for command in (
            ("query", "", "-n", "20"),
            ("query", "ma túy giả định", "--explain", random.choice(("--json", "--csv", "--sort=newest"))),
            ("stats",),
            *(("show", hit.id) for hit in hits[:2] if not hit.id.startswith("-")),
            *(("similar", hit.id) for hit in hits[:1] if not hit.id.startswith("-")),
            ("suggest", "tin"),
        ):
            shown += self._printed(*command, "-i", str(index))
        if wrong := next(filter(_commands_a_terminal, shown), None):
            raise Find(f"U+{ord(wrong):04X} is printed")
        if "Traceback" in shown:
            raise Find("a trace is printed")

    def _printed(self, *command: str) -> str:
        with TemporaryFile() as file:
            with _to_file(file):
                code = run(command)
            file.seek(0)
            shown = file.read().decode("utf-8").replace("\ufeff", "", 1).replace("\r\n", "\n")  # as in CSV
        if code not in (0, 1) or "Something went wrong" in shown:
            raise Find(f"{command[0]}: {code} {shown[-300:]}")
        return shown


class _Faults(logging.Handler):
    """Keeps the error of what reading takes for a fault of its own."""

    error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if (
            record.exc_info
            and record.exc_info[1] is not None
            and not isinstance(record.exc_info[1], searcher.SearcherError)
        ):
            self.error = record.exc_info[1]


@contextmanager
def _to_file(file: IO[bytes]) -> Iterator[None]:
    """Have all that is printed go to a file, whoever prints it."""
    kept = [os.dup(number) for number in _PRINTED]
    try:
        for number in _PRINTED:
            os.dup2(file.fileno(), number)
        with (
            open(1, "w", encoding="utf-8", closefd=False) as out,
            open(2, "w", encoding="utf-8", closefd=False) as error,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(error),
        ):
            yield
    finally:
        for number, old in zip(_PRINTED, kept, strict=True):
            os.dup2(old, number)
            os.close(old)


def _commands_a_terminal(sign: str) -> bool:
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cf", "Cs")


def _check_sentence(sentence: str) -> None:
    if not sentence.strip() or len(sentence) > _MOST_REASON or "\n" in sentence:
        raise Find(f"no sentence: {sentence[:80]!r}")


def _check_item(item: Item) -> None:
    article = item.article
    for text in (article.title, article.lead, article.body, article.source, article.author, article.url, article.id):
        text.encode("utf-8")
        if "\x00" in text:
            raise Find("a NUL in an article")
    if not (article.title or article.lead or article.body):
        raise Find("an article without text")
    if article.published is not None and not 1945 <= article.published.year <= 2100:
        raise Find(f"published in {article.published.year}")
