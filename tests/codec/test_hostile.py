"""A crafted index, whose checksums are all right, is answered from or refused; it costs little either way."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np
import pytest

import searcher
from benchmarks.fuzz.indexes import Crafted, write_contents, write_segment, written
from searcher.codec.container import Container, encode_container
from searcher.codec.schemas import schema_data
from searcher.codec.stored import encode_document, stored_arrays
from searcher.codec.values import MAX_VALUES
from searcher.schema import ARTICLE_FIELDS, article_schema
from searcher.semantics.articlevectors import is_vector_column, sketch_column, vector_column
from tests.invented import indexed, invented

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return indexed(tmp_path / "index", invented(40))


def contents(folder: Path) -> tuple[Path, Any]:
    (path,) = folder.glob("*.toc")
    return path, msgspec.json.decode(path.read_bytes())["contents"]


def change_contents(folder: Path, change: Callable[[Any], None]) -> None:
    path, found = contents(folder)
    change(found)
    write_contents(path, found)


def change_segment(folder: Path, change: Callable[[dict[str, Any], dict[str, str]], None]) -> None:
    (path,) = folder.glob("*.seg")
    container = Container(path, written(path))
    parts: dict[str, Any] = {name: container.part(name).all().copy() for name in container.names()}
    header = {"segment": container.metadata["segment"]}
    change(parts, header)
    write_segment(folder, path, parts, header)


def change_last_document(folder: Path, encoded: bytes) -> None:
    others = [encode_document({"id": "a"})] * 39
    change_segment(folder, lambda parts, _header: parts.update(stored_arrays([*others, encoded])))


def refused(folder: Path) -> None:
    """Expect that the index is refused when it is opened or asked, and never called sound; for little memory."""
    tracemalloc.start()
    try:
        with pytest.raises(searcher.IndexUnusable), searcher.open_index(folder) as index:
            for text in ("ma túy", '"đường dây"', ""):
                index.search(text)
                index.trends(text, by="province")
            list(index.export(""))
        with suppress(searcher.IndexUnusable):
            assert searcher.check_index(folder).problems
        assert tracemalloc.get_traced_memory()[1] < 300e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("count", [0, -1, 65_537, 10**10, 1 << 63])
def test_a_segment_that_says_it_has_other_documents_is_refused(folder: Path, count: int) -> None:
    change_contents(folder, lambda found: found["segments"][0].update(doc_count=count))

    def change(_parts: dict[str, Any], header: dict[str, str]) -> None:
        header["segment"] = header["segment"].replace('"doc_count":40', f'"doc_count":{count}')

    change_segment(folder, change)
    refused(folder)


def test_a_segment_that_is_listed_many_times_is_refused(folder: Path) -> None:
    change_contents(folder, lambda found: found.update(segments=found["segments"] * 2))
    refused(folder)
    change_contents(folder, lambda found: found.update(segments=found["segments"] * 30_000))
    refused(folder)


def test_a_table_of_a_million_segments_is_refused_before_it_is_made_into_any(folder: Path) -> None:
    path, found = contents(folder)
    one = {"id": "a", "size": 1, "header_crc32": 1, "doc_count": 1}
    write_contents(path, found | {"segments": msgspec.Raw(b"[" + msgspec.json.encode(one) + b",{}" * 10**6 + b"]")})
    refused(folder)


def test_a_table_of_many_fields_is_refused_before_it_is_made_into_any(folder: Path) -> None:
    fields = b"{" + b",".join(b'"f%d":{"type":"ID"}' % number for number in range(200_000)) + b"}"
    change_contents(folder, lambda found: found.update(fields=msgspec.Raw(fields)))
    refused(folder)


@pytest.mark.parametrize(
    "encoded",
    [b"\xdd\x00\x1e\x84\x80" + b"\x80" * 2_000_000, b"\x91" * 2_000_000, b"\x81\xa1x\xdd\xff\xff\xff\xff", b"\xc1"],
    ids=["two million maps", "lists in lists", "more than there is", "no MessagePack"],
)
def test_a_stored_document_of_many_values_is_refused_before_it_is_made_into_any(folder: Path, encoded: bytes) -> None:
    change_segment(
        folder, lambda parts, _header: parts.update(stored_arrays([encode_document({"id": "a"})] * 39 + [encoded]))
    )
    refused(folder)


@pytest.mark.parametrize(
    "changed",
    [{"id": 1}, {"title": ["a"]}, {"published": "hôm qua"}, {"province": None}, {"body": b"x"}, {}],
    ids=lambda changed: next(iter(changed), "nothing"),
)
def test_a_stored_document_that_is_no_article_is_refused(folder: Path, changed: dict[str, Any]) -> None:
    whole = {"id": "bai-001", "title": "Ma túy"}
    encoded = encode_document(whole | changed if changed else {})
    change_segment(
        folder, lambda parts, _header: parts.update(stored_arrays([encode_document({"id": "a"})] * 39 + [encoded]))
    )
    refused(folder)


def test_what_would_be_refused_when_it_is_read_is_refused_when_it_is_stored() -> None:
    with pytest.raises(ValueError, match="values can't be stored"):
        encode_document({"values": [[0, 0, 0, 0]] * MAX_VALUES})
    assert encode_document({"text": "a" * 2_000_000, "values": list(range(1000))})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title.docs", 40),
        ("title.docs", 65_535),
        ("body.offsets", 1 << 31),
        ("body.folded", 1 << 20),
        ("body.samples.ends", 1 << 20),
        ("topic.labels", 200),
        ("province.label_offsets", 1 << 20),
        ("body.occurrences", 0),
        ("stored.sizes", 1 << 31),
        ("stored.ends", 1 << 31),
    ],
)
def test_a_number_that_leads_out_of_its_array_is_found(folder: Path, name: str, value: int) -> None:
    def change(parts: dict[str, Any], _header: dict[str, str]) -> None:
        parts[name][len(parts[name]) // 2] = value

    change_segment(folder, change)
    assert searcher.check_index(folder).problems
    with suppress(searcher.IndexUnusable):  # else it is an answer
        codec_reads_all(folder)


@pytest.mark.parametrize(
    "name", ["body.docs", "body.offsets", "topic.labels", "published.column", "body.terms", "stored"]
)
@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_an_array_of_another_type_is_refused(folder: Path, name: str, dtype: str) -> None:
    def change(parts: dict[str, Any], _header: dict[str, str]) -> None:
        parts[name] = parts[name].astype("uint64" if parts[name].dtype == dtype else dtype)

    change_segment(folder, change)
    assert searcher.check_index(folder).problems
    with pytest.raises(searcher.IndexUnusable):
        codec_reads_all(folder)


def codec_reads_all(folder: Path) -> None:
    with searcher.open_index(folder) as index:
        for text in ("ma túy", "mai dam", '"đường dây"', "tri*"):
            index.search(text, limit=50)
        index.trends("", by="topic")
        index.similar("bai-001")
        index.stats()
        reader = index.whoosh.reader()
        assert list(reader)
        for leaf, _offset in reader.leaf_readers():
            for field in map(leaf.arrays.field, leaf.arrays.field_names()):
                field.all_postings()
                if field.has_positions:
                    field.occurrences()
                    assert field.folded_order is not None


@pytest.mark.parametrize(
    "field", [{"type": "NUMERIC", "number": "int", "shift_step": -1}, {"type": "NUMERIC", "bits": 7}]
)
def test_a_field_with_options_that_no_field_has_is_refused(folder: Path, field: dict[str, Any]) -> None:
    change_contents(folder, lambda found: found["fields"].update(year=field))
    refused(folder)


def test_an_index_of_something_else_is_said_to_be_one(folder: Path) -> None:
    change_contents(folder, lambda found: found["fields"].update(body={"type": "KEYWORD", "stored": True}))
    refused(folder)


@pytest.mark.parametrize("name", ["syllables", "starts", "order", "by_fold", "ranks", "inside"])
def test_what_suggest_keeps_is_checked_and_made_anew_where_it_leads_out_of_an_array(folder: Path, name: str) -> None:
    with searcher.open_index(folder) as index:
        expected = index.suggest("đườ")
    (path,) = folder.glob("*.phrases")
    whole = path.read_bytes()
    container = Container(path, written(path))
    parts = {part: container.part(part).all().copy() for part in container.names()}
    parts[name][len(parts[name]) // 2] = np.iinfo(parts[name].dtype).max
    pieces, _known = encode_container(parts, {key: container.metadata[key] for key in ("version", "of")})
    path.write_bytes(b"".join(pieces))
    assert [(one.file, one.part) for one in searcher.check_index(folder).problems] == [(path.name, "phrases")]
    if name in {"syllables", "starts", "order", "by_fold"}:
        with searcher.open_index(folder) as index:
            assert index.suggest("đườ") == expected
        assert path.read_bytes() == whole
        assert searcher.check_index(folder).problems == []


def test_crafted_indexes_have_an_answer_or_a_sentence(tmp_path: Path) -> None:
    crafted = Crafted(tmp_path)
    for number in range(8):
        crafted.attempt(Random(number))


def test_an_index_of_articles_is_known_by_the_fields_that_a_new_one_has() -> None:
    fields, patterns = schema_data(article_schema())
    vectors = set(filter(is_vector_column, fields))
    assert vectors == {vector_column(), sketch_column()}
    assert ({name: data for name, data in fields.items() if name not in vectors}, patterns) == (ARTICLE_FIELDS, {})
