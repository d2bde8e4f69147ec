"""What was fetched when: a SQLite file beside the pages, that a run's every step is committed to.

Its lock is held for as long as it is open, so one process at a time works in a folder; it ends with the process.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

import msgspec

from searcher.errors import FolderInUse, FolderUnusable
from searcher.fetching.folder import cut_off, is_file_name, is_regular, refuse_irregular
from searcher.fetching.sitemap import Listed
from searcher.messages import _
from searcher.urls import canonical_url

NAME: Final = "fetched.sqlite"

_SQLITE_ENDINGS: Final = ("journal", "wal", "shm")
_VERSION: Final = 1
_MOST_TABLES: Final = 100
_TABLES: Final = """
CREATE TABLE pages (          -- every page that was asked for, or is to be
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE, -- the address that stands for it
    url TEXT NOT NULL,        -- the address to ask for
    state TEXT NOT NULL,      -- waiting, kept, or given up: asked for again only if a list says it has changed
    list TEXT NOT NULL,       -- the feed or sitemap that named it, '' for one that the user named
    dated REAL,               -- when that says it was published or changed; these are seconds since 1970
    asked REAL,               -- when it was last given, not changed, or given up
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    file TEXT NOT NULL DEFAULT ''
);
CREATE INDEX waiting ON pages (list) WHERE state = 'waiting';
CREATE TABLE lists (          -- every feed and sitemap that was read
    url TEXT PRIMARY KEY,
    parent TEXT NOT NULL,     -- the index of sitemaps that named it, '' where the user did
    etag TEXT NOT NULL,
    modified TEXT NOT NULL
);
CREATE TABLE files (          -- the WARC files, as far as they are whole
    name TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL
);
CREATE TABLE indexed (name TEXT NOT NULL, folder TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (name, folder));
"""


class Page(msgspec.Struct, frozen=True, array_like=True):
    """A page as it was last known."""

    id: int
    key: str
    url: str
    state: str
    attempts: int
    not_before: float
    etag: str
    modified: str
    digest: str
    file: str


_COLUMNS: Final = ", ".join(Page.__struct_fields__)


def _shape(statement: str) -> str:
    """Return an SQL statement without its comments and blanks."""
    return " ".join(re.sub(r"--[^\n]*", "", statement).split()).rstrip(";")


def conditions(etag: str, modified: str) -> dict[str, str]:
    """Return the headers that ask for a document only where it is not the one that was last seen (RFC 9110, 13)."""
    return {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}


class Store:
    """The record of a folder, opened for one process alone. A context manager.

    Raises FolderInUse where another process has it, FolderUnusable where it can't be read or written. With
    `dry_run` a copy in memory is opened, and nothing is written at all.
    """

    def __init__(self, folder: Path, *, dry_run: bool = False) -> None:
        self.folder = folder
        self.dry_run = dry_run
        path = folder / NAME
        self._made = [one for one in (path, folder) if not (dry_run or one.exists())]
        try:
            if not dry_run:
                folder.mkdir(parents=True, exist_ok=True)
            for name in (NAME, *(f"{NAME}-{ending}" for ending in _SQLITE_ENDINGS)):
                refuse_irregular(folder / name)
            self._database = sqlite3.connect(":memory:" if dry_run else path, timeout=0, isolation_level=None)
            try:
                if dry_run and path.exists():
                    with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=0, uri=True) as before:
                        before.backup(self._database)
                    before.close()
                self._open()
                if not dry_run:
                    self._heal()
            except BaseException:
                self._database.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise self.unusable(error) from None

    def _open(self) -> None:
        # A record may come from a stranger: nothing in it is run, and it has no tables but ours.
        self._database.execute("PRAGMA trusted_schema = OFF")
        self._database.execute("PRAGMA cell_size_check = ON")
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._database.execute("BEGIN EXCLUSIVE")
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            text = _("The folder '{folder}' was written by another version of searcher; name another one.")
            raise FolderUnusable(text.format(folder=self.folder))
        rows = self._database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL LIMIT ?", (_MOST_TABLES,))
        found = {_shape(sql) for (sql,) in rows}
        statements = [statement for statement in _TABLES.split(";\n") if statement.strip()]
        if version == 0 and not found:
            for statement in statements:
                self._database.execute(statement)
            self._database.execute(f"PRAGMA user_version = {_VERSION}")
        elif found != set(map(_shape, statements)):
            text = _("The record '{file}' is none of searcher's: it has other tables in it.")
            raise FolderUnusable(text.format(file=self.folder / NAME))
        self._database.execute("COMMIT")

    def _heal(self) -> None:
        """Cut off what a run that was killed in the middle of a record left after the last whole one.

        Only files that are ours by their name are touched, and none that another name leads to.
        """
        for name, size in self._database.execute("SELECT name, bytes FROM files").fetchall():
            if not (isinstance(name, str) and is_file_name(name) and isinstance(size, int) and size >= 0):
                text = _("The record '{file}' names files that are none of searcher's, so it is not used.")
                raise FolderUnusable(text.format(file=self.folder / NAME))
            path = self.folder / name
            if not size:
                path.unlink(missing_ok=True)
                self._database.execute("DELETE FROM files WHERE name = ?", (name,))
                continue
            refuse_irregular(path)
            if path.exists() and path.stat().st_size > size:
                cut_off(path, size)

    def unusable(self, error: OSError | sqlite3.Error) -> FolderInUse | FolderUnusable:
        """Return the error with the sentence that this failure of the folder comes to."""
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            text = _("Another searcher is fetching into '{folder}'; try again when it is done, or name another folder.")
            return FolderInUse(text.format(folder=self.folder))
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return self._damaged()
        text = _("The folder '{folder}' can't be used: {error}.")
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return FolderUnusable(text.format(folder=self.folder, error=reason))

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        made = self._made if not self._has_anything() else []
        self._database.close()
        with suppress(OSError):  # of a folder that others have put something into
            for path in made:
                path.rmdir() if path.is_dir() else path.unlink()

    def _has_anything(self) -> bool:
        """Return whether a page was kept or a list read: else a folder made just now has nothing to remember."""
        with suppress(sqlite3.Error):
            return bool(
                self._database.execute(
                    "SELECT EXISTS (SELECT 1 FROM files) OR EXISTS (SELECT 1 FROM lists)"
                ).fetchone()[0]
            )
        return True

    def page(self, url: str) -> Page | None:
        """Return what is known of the page at this URL."""
        row = self._database.execute(f"SELECT {_COLUMNS} FROM pages WHERE key = ?", (canonical_url(url),)).fetchone()
        return self._page(row) if row else None

    def _page(self, row: tuple[object, ...]) -> Page:
        try:
            return msgspec.convert(row, Page)
        except msgspec.ValidationError:
            raise self._damaged() from None

    def _damaged(self) -> FolderUnusable:
        text = _("The record '{file}' is damaged; moved away, every page will be asked for anew.")
        return FolderUnusable(text.format(file=self.folder / NAME))

    def add(self, url: str) -> Page:
        """Note that the user asked for a page, and return what is known of it."""
        statement = "INSERT INTO pages (key, url, state, list) VALUES (?, ?, 'waiting', '') ON CONFLICT DO NOTHING"
        self._database.execute(statement, (canonical_url(url), url))
        page = self.page(url)
        assert page is not None
        return page

    def conditions_of_list(self, url: str) -> dict[str, str]:
        """Return the headers that ask for a feed or a sitemap only where it has changed."""
        row = self._database.execute("SELECT etag, modified FROM lists WHERE url = ?", (url,)).fetchone()
        return conditions(*row) if row else {}

    def lists_of(self, parent: str) -> list[str]:
        """Return the sitemaps that an index named when it was last read."""
        return [url for (url,) in self._database.execute("SELECT url FROM lists WHERE parent = ?", (parent,))]

    def read_list(
        self, url: str, parent: str, root: str, etag: str, modified: str, listed: Iterable[Listed] = ()
    ) -> None:
        """Note that a list was read and what it named, in one step; `root` is the list that the user named.

        A page waits from then on if it is new, or if the list says that it changed after it was last given.
        """
        now = time.time()
        rows = [
            (key, one.url, root, min(one.dated.timestamp(), now) if one.dated else None)
            for one in listed
            if (key := canonical_url(one.url))
        ]
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO pages (key, url, list, dated, state) VALUES (?, ?, ?, ?, 'waiting') "
            "ON CONFLICT (key) DO UPDATE SET state = 'waiting', list = excluded.list, dated = excluded.dated, "
            "attempts = CASE WHEN state = 'waiting' THEN attempts ELSE 0 END "
            "WHERE state = 'waiting' OR excluded.dated > asked",
            rows,
        )
        self._database.execute("INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?)", (url, parent, etag, modified))
        self._database.execute("COMMIT")

    def count_waiting(self, roots: Sequence[str], since: float | None) -> int:
        """Return how many pages of these lists are to be asked for."""
        return int(self._waiting("count(*)", roots, since).fetchone()[0])

    def waiting(self, roots: Sequence[str], since: float | None) -> list[Page]:
        """Return the pages of these lists that are to be asked for, newest first; undated ones come last."""
        return [self._page(row) for row in self._waiting(_COLUMNS, roots, since)]

    def _waiting(self, columns: str, roots: Sequence[str], since: float | None) -> sqlite3.Cursor:
        marks = ", ".join("?" * len(roots))
        return self._database.execute(
            f"SELECT {columns} FROM pages WHERE state = 'waiting' AND list IN ({marks}) AND not_before <= ? "
            "AND (dated IS NULL OR dated >= ?) ORDER BY dated IS NULL, dated DESC, id",
            (*roots, time.time(), since if since is not None else float("-inf")),
        )

    def begin_file(self, name: str) -> None:
        """Note that a WARC file is about to be made."""
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, 0)", (name,))

    def keep(self, page: Page, digest: str, etag: str, modified: str, file: str, size: int | None = None) -> None:
        """Note that a page was given, and lies in a file, which is whole up to `size` if that has changed."""
        self._database.execute("BEGIN")
        if size is not None:
            self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (file, size))
        self._database.execute(
            "UPDATE pages SET state = 'kept', asked = ?, attempts = 0, digest = ?, etag = ?, modified = ?, file = ? "
            "WHERE id = ?",
            (time.time(), digest, etag, modified, file, page.id),
        )
        self._database.execute("COMMIT")

    def unchanged(self, page: Page) -> None:
        """Note that the server says that a page is the one it gave before."""
        self._database.execute("UPDATE pages SET state = 'kept', asked = ? WHERE id = ?", (time.time(), page.id))

    def fail(self, page: Page, *, give_up: bool, wait_s: float = 0.0) -> None:
        """Note that a page was not given; it waits on, unless it is given up. A page that was kept stays so."""
        self._database.execute(
            "UPDATE pages SET attempts = attempts + 1, not_before = ?1 + ?2, "
            "asked = CASE WHEN ?3 THEN ?1 ELSE asked END, "
            "state = CASE WHEN file <> '' THEN 'kept' WHEN ?3 THEN 'given up' ELSE state END WHERE id = ?4",
            (time.time(), wait_s, give_up, page.id),
        )

    def not_indexed(self, index: Path | str, *, anew: bool = False) -> list[Path]:
        """Return the WARC files that an index (its folder or address) has not taken in yet, or all, oldest first."""
        rows = self._database.execute(
            "SELECT name FROM files LEFT JOIN indexed USING (name, bytes) WHERE files.bytes > 0 "
            "GROUP BY name HAVING ? OR total(folder = ?) = 0 ORDER BY name",
            (anew, _place(index)),
        )
        return [self.folder / name for (name,) in rows if is_file_name(name) and is_regular(self.folder / name)]

    def indexed(self, index: Path | str, files: Iterable[Path]) -> None:
        """Note that an index has taken in these files, as they are now."""
        folder = _place(index)
        self._database.executemany(
            "INSERT OR REPLACE INTO indexed SELECT name, ?, bytes FROM files WHERE name = ?",
            [(folder, path.name) for path in files],
        )


def _place(index: Path | str) -> str:
    """Return what tells an index from others: its whole path, or its address."""
    return index if isinstance(index, str) else str(index.absolute())
