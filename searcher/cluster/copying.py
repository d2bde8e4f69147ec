"""Copying an index from a folder or a cluster into a folder or a cluster, without the files that it was made of.

What is copied are documents, as `searcher.schema.to_document` makes them: tags keep how sure they are, facts what they
say, and fingerprints tell a later run over the same files that nothing has changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

from whoosh.index import LockError

from searcher.analysis.analyzer import VietnameseAnalyzer
from searcher.cluster import place
from searcher.cluster.address import read_address
from searcher.cluster.bulk import Bulk
from searcher.cluster.client import Client
from searcher.cluster.counting import count_terms
from searcher.cluster.documents import Preparing, from_source, key_of, signed_parts
from searcher.cluster.walking import point_in_time, walk
from searcher.codec import ArraySegment
from searcher.codec.arrays import BytesColumn, LabelColumn, SegmentArrays
from searcher.codec.build import SegmentBuilder
from searcher.codec.stages import Stages
from searcher.errors import IndexLocked, IndexNotFound, IndexUnusable
from searcher.execution.termcounts import segments_of
from searcher.facts.fields import LABELS, fields_of, read_facts
from searcher.indexing.batches import shared_dictionary
from searcher.messages import _
from searcher.schema import article_schema, to_article
from searcher.semantics.articlevectors import ArticleEncoder
from searcher.storage import exists, folder_of, is_cluster, open_storage, open_writer

Document = dict[str, Any]
Copied = Callable[[int, int], None]
"""Hears how many articles were copied, of how many."""
_LABELS: Final = ("sure_province", "sure_province_2025", "sure_topic", "level", *LABELS)
"""Fields of labels that are not among what is stored."""
_IN_A_BATCH: Final = 400
_IN_A_SEGMENT: Final = 4096
_MAX_TERMS: Final = 1_000_000
_OWN: Final = ("ordinal", "run", "year")


def copy_index(
    source: str | Path, target: str | Path, *, rebuild: bool = False, on_copied: Copied | None = None
) -> int:
    """Copy an index, and return how many articles it has; `source` and `target` are folders or addresses.

    Where there is an index at the target, it is replaced with `rebuild`, as soon as the copy is complete. Raises
    IndexNotFound for a source that is none, and IndexUnusable for a target that is one and is not to be replaced.
    """
    with documents_of(source) as (total, documents):
        told = on_copied or (lambda _done, _total: None)
        counted = _told(documents, total, told)
        if is_cluster(target):
            return _into_cluster(str(target), counted, rebuild=rebuild)
        return _into_folder(folder_of(target), counted, rebuild=rebuild)


def _told(documents: Iterable[Document], total: int, told: Copied) -> Iterator[Document]:
    for done, document in enumerate(documents, 1):
        yield document
        told(done, total)


@contextmanager
def documents_of(source: str | Path) -> Iterator[tuple[int, Iterator[Document]]]:
    """Give how many articles an index has, and their documents; raises IndexNotFound."""
    with ExitStack() as stack:
        if is_cluster(source):
            client = Client(read_address(str(source)))
            stack.callback(client.close)
            generation = place.find(client)
            point = stack.enter_context(point_in_time(client, generation.articles))
            yield int(client.get(f"/{generation.articles}/_count")["count"]), _of_cluster(client, point)
            return
        reader = open_storage(folder_of(source)).reader()
        stack.callback(reader.close)
        segments = [arrays for _first, arrays in segments_of(reader)]
        yield reader.doc_count(), (document for one in segments for document in _of_segment(one))


def _of_cluster(client: Client, point: str) -> Iterator[Document]:
    for row in walk(client, point, {"match_all": {}}, ["signed"], source=True, page=_IN_A_BATCH):
        document = {name: value for name, value in from_source(row.source).items() if name not in _OWN}
        document["fingerprint"] = bytes.fromhex(document["fingerprint"])
        signature = signed_parts([row.first("signed") or ""])[0][0]
        document["signature"] = signature.tobytes() if signature.any() else b""
        yield _with_year(document, row.source.get("year"))


def _with_year(document: Document, year: int | None) -> Document:
    return document if year is None else document | {"year": year}


def _of_segment(segment: SegmentArrays) -> Iterator[Document]:
    columns = {name: segment.column(name) for name in _LABELS}
    fingerprints, signatures = segment.column("fingerprint"), segment.column("signature")
    years = segment.column("year")
    live = segment.live
    for docnum in range(segment.doc_count):
        if live is not None and not live[docnum]:
            continue
        document = dict(segment.stored(docnum))
        for name, column in columns.items():
            if isinstance(column, LabelColumn):
                ordinals = column.ordinals[column.offsets[docnum] : column.offsets[docnum + 1]]
                document[name] = ",".join(column.labels[one] for one in ordinals.tolist())
        if (facts := read_facts(document.get("facts"))) is not None:
            document = fields_of(facts) | document
        for name, column in (("fingerprint", fingerprints), ("signature", signatures)):
            document[name] = column[docnum] if isinstance(column, BytesColumn) else b""
        yield _with_year(document, _year(years, docnum) if "published" in document else None)


def _year(column: Any, docnum: int) -> int:
    return int(column.values[docnum])


def _into_cluster(location: str, documents: Iterator[Document], *, rebuild: bool) -> int:
    client = Client(read_address(location))
    try:
        with suppress(IndexNotFound):
            place.find(client)
            _refuse(location, rebuild=rebuild)
        generation = place.make_next(client)
        try:
            count = _filled(client, generation, documents)
        except BaseException:
            place.remove(client, generation)
            raise
        place.replace(client, generation)
        return count
    finally:
        client.close()


def _filled(client: Client, generation: place.Generation, documents: Iterator[Document]) -> int:
    count, terms, bulk = 0, set[str](), Bulk(client)
    preparing = Preparing()
    run = f"copy-{secrets.token_hex(4)}"
    while batch := list(islice(documents, _IN_A_BATCH)):
        if len(preparing.analyzer.terms) > _MAX_TERMS:
            preparing = Preparing()
        prepared, of_batch = preparing.prepared(batch, run, count)
        terms.update(of_batch)
        for document in prepared:
            bulk.add({"index": {"_index": generation.articles, "_id": key_of(document["id"])}}, document)
        count += len(batch)
    bulk.send()
    client.post(f"/{generation.articles}/_refresh")
    size = count_terms(client, generation, terms)
    place.write_state(client, generation.terms, place.State(place.new_commit(), size))
    return count


def _into_folder(folder: Path, documents: Iterator[Document], *, rebuild: bool) -> int:
    if exists(folder):
        _refuse(str(folder), rebuild=rebuild)
    try:
        writer = open_writer(folder, rebuild=rebuild)
    except LockError:
        raise IndexLocked(_("Another process is writing to this index; try again when it is done.")) from None
    count, dictionary = 0, b""
    schema = article_schema()
    analyzer, encoder = VietnameseAnalyzer().bulk(), ArticleEncoder()
    try:
        while batch := list(islice(documents, _IN_A_SEGMENT)):
            dictionary = dictionary or shared_dictionary([to_article(document) for document in batch])
            builder = SegmentBuilder(schema, analyzer, dictionary, encoder.columns)
            for document in batch:
                builder.add({name: value for name, value in document.items() if name in schema})
            data = builder.build(Stages())
            writer.add_segment(ArraySegment.write(data, writer.folder, writer.indexname, writer.disk))
            count += len(batch)
        writer.commit(optimize=True)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise
    return count


def _refuse(location: str, *, rebuild: bool) -> None:
    if not rebuild:
        text = _("There is an index at {location} already. To replace it: --rebuild")
        raise IndexUnusable(text.format(location=location))
