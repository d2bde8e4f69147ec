"""Where an index is, by the form of its location: a folder on this machine, or the address of a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from searcher.storage import exists, folder_of, is_cluster

if TYPE_CHECKING:  # whoever only wants to know the folder pays for no engine
    from collections.abc import Iterable

    from searcher.cluster.engine import ClusterIndex
    from searcher.embedded.engine import EmbeddedIndex
    from searcher.indexing import Summary


def place_of(location: str | Path) -> str | Path:
    """Return the address of an index in a cluster, and the folder of any other; raises IndexNotFound as `folder_of`."""
    return str(location) if is_cluster(location) else folder_of(location)


def there_is(location: str | Path) -> bool:
    """Return whether there is an index at a location."""
    if is_cluster(location):
        from searcher.cluster.place import is_there

        return is_there(str(location))
    return exists(folder_of(location))


@overload
def open_index(location: Path = ...) -> EmbeddedIndex: ...
@overload
def open_index(location: str | Path = ...) -> EmbeddedIndex | ClusterIndex: ...
def open_index(location: str | Path = "index") -> EmbeddedIndex | ClusterIndex:
    """Return the index at a location, open: a folder, as a path, or an address (`https://host:9200/news`).

    Raises IndexNotFound where there is none, also for any other address (`scheme://...`), and IndexUnusable where it is
    damaged, of another kind, or the cluster does not answer.
    """
    if is_cluster(location):
        from searcher.cluster.engine import ClusterIndex

        return ClusterIndex(str(location))
    from searcher.embedded.engine import EmbeddedIndex

    return EmbeddedIndex(folder_of(location))


def index_paths(location: str | Path, paths: Iterable[Path | str] | Path | str, **how: Any) -> Summary:
    """Bring the index at a location up to date: `searcher.indexing.index_paths` for a folder and for an address.

    `how` are its keywords; `memory_mb` and `disk` are of folders only.
    """
    if is_cluster(location):
        from searcher.cluster.filling import index_into

        how.pop("memory_mb", None)
        return index_into(str(location), paths, **how)
    from searcher.indexing import index_paths as index_into_folder

    return index_into_folder(folder_of(location), paths, **how)
