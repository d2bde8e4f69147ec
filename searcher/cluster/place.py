"""Finding, making and changing the generations of an index in a cluster, and its state."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from typing import Any, Final

import msgspec

from searcher.cluster.address import read_address
from searcher.cluster.client import Client, Refused
from searcher.cluster.mapping import FORMAT, STATE_ID, articles_index, terms_index, terms_of
from searcher.errors import IndexNotFound, IndexUnusable
from searcher.lastrun import LastRun
from searcher.messages import _

_GRACE_S: Final = 2.0
"""So long the generation before is kept for the questions that are under way."""
_LEAST_VERSION: Final = (2, 19)
_MADE_AT_ONCE: Final = "resource_already_exists_exception"


class State(msgspec.Struct, frozen=True):
    """What the last commit left: a name of its own, how many terms all texts have with repetitions, the last run."""

    commit: str = ""
    size: int = 0
    last_run: LastRun | None = None


class _Meta(msgspec.Struct):
    format: int = 0
    vectors: str = ""


class _Whole(msgspec.Struct):
    searcher: _Meta | None = None


class _Mapping(msgspec.Struct):
    meta: _Whole | None = msgspec.field(name="_meta", default=None)


class _Mappings(msgspec.Struct):
    mappings: _Mapping = msgspec.field(default_factory=_Mapping)


class Generation(msgspec.Struct, frozen=True):
    """The indices that an alias names now; `vectors` tells the term vectors that its articles' were made by."""

    articles: str
    vectors: str

    @property
    def terms(self) -> str:
        """The index of its terms."""
        return terms_of(self.articles)


class _Number(msgspec.Struct):
    number: str = ""
    distribution: str = ""


class _Server(msgspec.Struct):
    version: _Number = msgspec.field(default_factory=_Number)


def check_server(client: Client) -> None:
    """Raise IndexUnusable for a server that is none of OpenSearch, or too old."""
    try:
        version = msgspec.json.decode(client.ask("GET", "/", None), type=_Server).version
        numbers = tuple(int(one) for one in version.number.split(".")[:2])
    except (msgspec.MsgspecError, ValueError):
        version, numbers = _Number(), ()
    if version.distribution != "opensearch" or numbers < _LEAST_VERSION:
        text = _("The server at {address} is {found}; searcher needs OpenSearch {least} or newer.")
        found = f"{version.distribution or 'no OpenSearch'} {version.number}".strip()
        raise IndexUnusable(text.format(address=client.address, found=found, least="2.19"))


def is_there(location: str) -> bool:
    """Return whether there is an index at an address."""
    client = Client(read_address(location))
    try:
        return client.exists(f"/{client.address.name}")
    finally:
        client.close()


def find(client: Client) -> Generation:
    """Return what the index's alias names; raises IndexNotFound, and IndexUnusable for what is not of this version."""
    name = client.address.name
    try:
        found = msgspec.json.decode(client.ask("GET", f"/{name}/_mapping", None), type=dict[str, _Mappings])
    except msgspec.MsgspecError as error:
        raise IndexUnusable(_("'{address}' is no OpenSearch.").format(address=client.address)) from error
    except Refused as refused:
        if refused.status == 404:
            text = _("There is no index at {address}. Make it: searcher index PATH -i {address}")
            raise IndexNotFound(text.format(address=client.address)) from None
        raise
    metas = [(index, one.mappings.meta and one.mappings.meta.searcher) for index, one in found.items()]
    if len(metas) != 1:
        text = _("'{name}' stands for {count} indices in the cluster, of which searcher made one at most.")
        raise IndexUnusable(text.format(name=name, count=len(metas)))
    ((index, meta),) = metas
    if not meta or index == name:
        raise IndexUnusable(_("The index '{name}' in the cluster was not made by searcher.").format(name=name))
    if meta.format != FORMAT:
        text = _("The index '{name}' was made by another version of searcher ({found}, not {wanted}). Say: --rebuild")
        raise IndexUnusable(text.format(name=name, found=meta.format, wanted=FORMAT))
    return Generation(index, meta.vectors)


def make_first(client: Client) -> Generation:
    """Return the generation in use; where there is none, one is made. Several processes may do so at once."""
    with suppress(IndexNotFound):
        return find(client)
    check_server(client)
    name = client.address.name
    first = f"{name}.g1"
    if client.exists(f"/{name}"):
        return find(client)
    for index, alias, body in (
        (terms_of(first), terms_of(name), terms_index()),
        (first, name, articles_index()),
    ):
        _create(client, index, {**body, "aliases": {alias: {}}})
    return find(client)


def make_next(client: Client) -> Generation:
    """Return a new generation, which nothing names yet."""
    check_server(client)
    index = f"{client.address.name}.g{time.time_ns():x}"
    _create(client, terms_of(index), terms_index())
    body = articles_index()
    _create(client, index, body)
    return Generation(index, body["mappings"]["_meta"]["searcher"]["vectors"])


def _create(client: Client, index: str, body: dict[str, Any]) -> None:
    try:
        client.put(f"/{index}?wait_for_active_shards=1&timeout=60s", body)
    except Refused as refused:
        if refused.kind != _MADE_AT_ONCE:
            raise


def replace(client: Client, new: Generation) -> None:
    """Have the alias name another generation, in one step, and remove the one before."""
    name = client.address.name
    before: list[str] = []
    with suppress(Refused):
        before = list(client.get(f"/{name},{terms_of(name)}/_alias?ignore_unavailable=true"))
    before = [one for one in before if one not in (new.articles, new.terms)]
    actions: list[dict[str, Any]] = []
    if name in before:  # an index of this very name, which no alias can stand beside
        actions.append({"remove_index": {"index": name}})
    actions += [
        {"remove": {"index": one, "alias": alias, "must_exist": False}}
        for one in before
        if one != name
        for alias in (name, terms_of(name))
    ]
    actions += [
        {"add": {"index": new.articles, "alias": name}},
        {"add": {"index": new.terms, "alias": terms_of(name)}},
    ]
    client.post("/_aliases", {"actions": actions})
    gone = [one for one in before if one.startswith(f"{name}.g")]
    if gone:
        time.sleep(_GRACE_S)
        with suppress(Refused):
            client.delete(f"/{','.join(gone)}?ignore_unavailable=true")


def without_alias(client: Client) -> list[str]:
    """Return the generations' indices that no alias names."""
    name = client.address.name
    found = client.get(f"/{name}.g*/_alias?ignore_unavailable=true")
    return sorted(index for index, one in found.items() if not one["aliases"])


def remove(client: Client, generation: Generation) -> None:
    """Remove a generation that nothing names."""
    with suppress(Refused):
        client.delete(f"/{generation.articles},{generation.terms}?ignore_unavailable=true")


def read_state(client: Client, terms: str) -> State:
    """Return the state that an index's terms keep; an empty one where nothing was committed yet."""
    try:
        raw = client.ask("GET", f"/{terms}/_source/{quoted(STATE_ID)}?_source_includes=state", None)
    except Refused as refused:
        if refused.status == 404:
            return State()
        raise
    try:
        return msgspec.json.decode(raw, type=_Kept).state
    except msgspec.MsgspecError:
        return State()


class _Kept(msgspec.Struct):
    state: State = State()


def new_commit() -> str:
    """Return a name for a commit that no other has."""
    return f"{time.time_ns():x}{secrets.token_hex(3)}"


def write_state(client: Client, terms: str, state: State) -> None:
    """Keep the state of an index."""
    client.put(f"/{terms}/_doc/{quoted(STATE_ID)}", {"state": msgspec.to_builtins(state)})


def quoted(key: str) -> str:
    """Return a document's id as a part of a path."""
    from urllib.parse import quote

    return quote(key, safe="")
