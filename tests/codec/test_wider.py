"""What Whoosh's users write, over our codec and over Whoosh's own: the same comes back, or is refused in words."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from whoosh import analysis, columns, fields, formats, sorting
from whoosh import query as wq
from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.index import LockError
from whoosh.lang.porter import stem
from whoosh.multiproc import MpWriter
from whoosh.writing import CLEAR, BufferedWriter, IndexingError, SegmentWriter

from searcher import codec
from searcher.codec import writer as writing
from tests.codec.samples import stored_ids

TEXTS = (
    "The quick brown fox jumps over the lazy dogs",
    "Running dogs and jumping foxes; the runner's quick-step",
    "alfa bravo charlie, alfa delta: WiFi PowerShot 35mm",
    "",
    "một hai ba một",
)


class Own(analysis.Filter):
    """A filter that Whoosh doesn't have."""

    def __init__(self, ending: str) -> None:
        self.ending = ending

    def __call__(self, tokens: Any) -> Any:
        for token in tokens:
            token.text += self.ending
            yield token


codec.register(Own, "a filter of the tests")

FIELDS: dict[str, Callable[[], fields.FieldType]] = {
    "stemming": lambda: fields.TEXT(analyzer=analysis.StemmingAnalyzer(), stored=True),
    "stemming with a function": lambda: fields.TEXT(analyzer=analysis.StemmingAnalyzer(stemfn=stem, maxsize=9)),
    "fancy": lambda: fields.TEXT(analyzer=analysis.FancyAnalyzer()),
    "a language": lambda: fields.TEXT(analyzer=analysis.LanguageAnalyzer("de")),
    "standard with options": lambda: fields.TEXT(analyzer=analysis.StandardAnalyzer(maxsize=4, minsize=3, gaps=True)),
    "stop words of one's own": lambda: fields.TEXT(analyzer=analysis.StandardAnalyzer(stoplist=["fox", "alfa"])),
    "a regular expression": lambda: fields.TEXT(analyzer=analysis.RegexAnalyzer(r"[a-z]+")),
    "composed": lambda: fields.TEXT(analyzer=analysis.RegexTokenizer() | analysis.IntraWordFilter()),
    "a charset": lambda: fields.TEXT(
        analyzer=analysis.RegexTokenizer() | analysis.CharsetFilter({ord("ộ"): "o", ord("ạ"): "a"})
    ),
    "one's own": lambda: fields.TEXT(analyzer=analysis.SimpleAnalyzer() | Own("x")),
    "n-grams": lambda: fields.NGRAM(minsize=2, maxsize=3, stored=True),
    "n-grams of words": lambda: fields.NGRAMWORDS(minsize=2, maxsize=3, at="start"),
    "an idlist": lambda: fields.IDLIST(expression=re.compile(r"[^ ;]+")),
    "keywords with an analyzer": lambda: fields.KEYWORD(analyzer=analysis.SimpleAnalyzer(), scorable=True),
    "characters": lambda: fields.TEXT(chars=True),
    "a boosted field": lambda: fields.TEXT(field_boost=2.5),
    "vectors": lambda: fields.TEXT(vector=True),
    "vectors of another format": lambda: fields.TEXT(vector=formats.Frequency()),
    "no positions": lambda: fields.TEXT(phrase=False),
    "spelling": lambda: fields.TEXT(analyzer=analysis.StemmingAnalyzer(), spelling=True),
    "reversed": lambda: fields.ReverseField(fields.TEXT()),
    "position boosts": lambda: fields.FieldType(
        formats.PositionBoosts(), analysis.RegexTokenizer() | analysis.DelimitedAttributeFilter(), scorable=True
    ),
    "character boosts": lambda: fields.FieldType(formats.CharacterBoosts(), analysis.SimpleAnalyzer(), scorable=True),
    "a column": lambda: fields.TEXT(sortable=columns.RefBytesColumn()),
    "a compressed column": lambda: fields.TEXT(sortable=columns.CompressedBytesColumn()),
}


def pair(schema: Callable[[], Schema], folder: Path) -> tuple[Any, Any]:
    """Return an index of Whoosh's own codec, and one of ours that was closed and opened again."""
    codec.create(folder, schema())
    return RamStorage().create_index(schema()), codec.open_index(folder)


def fill(index: Any, documents: list[dict[str, Any]], **how: Any) -> None:
    writer = index.writer()
    for document in documents:
        writer.add_document(**document)
    writer.commit(**how)


def everything(index: Any, name: str = "t") -> Any:
    """What a reader says of a field: terms, postings with all that their format says, vectors, lengths."""
    with index.reader() as reader:
        found: list[Any] = [sorted(reader.all_terms()), reader.field_length(name)]
        for fieldname, term in sorted(reader.all_terms()):
            matcher = reader.postings(fieldname, term)
            info = reader.term_info(fieldname, term)
            if fieldname == name:  # Whoosh has all words of a field for spelling in the first document
                found.append((info.weight(), info.doc_frequency(), info.max_weight(), info.min_id(), info.max_id()))
            while matcher.is_active() and fieldname in ("id", name):
                said = {
                    kind: matcher.value_as(kind)
                    for kind in ("frequency", "positions", "characters", "position_boosts", "character_boosts")
                    if matcher.supports(kind) and fieldname == name
                }
                found.append((term, matcher.id(), matcher.weight(), said))
                matcher.next()
        for docnum in reader.all_doc_ids():
            found.append((docnum, reader.doc_field_length(docnum, name) or 0, reader.stored_fields(docnum)))
            if reader.schema[name].vector and reader.has_vector(docnum, name):
                vector = reader.vector(docnum, name)
                while vector.is_active():
                    found.append((vector.id(), vector.weight(), bytes(vector.value())))
                    vector.next()
        return found


def ranked(index: Any, query: wq.Query, **how: Any) -> Any:
    with index.searcher() as searcher:
        results = searcher.search(query, **({"limit": None} | how))
        return [(hit["id"], pytest.approx(hit.score, rel=1e-5)) for hit in results]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_comes_back_as_it_was_and_reads_as_in_whooshs_own_codec(tmp_path: Path, name: str) -> None:
    def schema() -> Schema:
        return Schema(id=fields.ID(stored=True), t=FIELDS[name]())

    stock, ours = pair(schema, tmp_path)
    documents = [{"id": str(number), "t": text} for number, text in enumerate(TEXTS)]
    for index in (stock, ours):
        fill(index, documents)
    assert everything(ours) == everything(stock)
    terms = [wq.Term("t", term) for term in list(stock.reader().lexicon("t"))[:6]]
    for query in (wq.Or(terms), *terms):
        assert ranked(ours, query) == ranked(stock, query)
    fill(ours, documents[:3])
    ours.optimize()
    fresh = RamStorage().create_index(schema())
    fill(fresh, documents + documents[:3])
    assert everything(ours) == everything(fresh)
    with ours.writer() as writer:
        writer.delete_by_term("id", "1")
        writer.optimize = True
    fresh = RamStorage().create_index(schema())
    fill(fresh, [one for one in documents + documents[:3] if one["id"] != "1"])
    assert everything(ours) == everything(fresh)


def test_boosts_given_with_a_document_count_as_in_whoosh(tmp_path: Path) -> None:
    stock, ours = pair(lambda: Schema(id=fields.ID(stored=True), t=fields.TEXT, u=fields.TEXT), tmp_path)
    documents: list[dict[str, Any]] = [
        {"id": "0", "t": "alfa bravo", "u": "alfa", "_boost": 3.0},
        {"id": "1", "t": "alfa alfa bravo", "u": "alfa", "_t_boost": 0.5},
        {"id": "2", "t": "alfa", "u": "alfa bravo", "_boost": 2.0, "_u_boost": 4.0},
        {"id": "3", "t": "alfa charlie"},
    ]
    for index in (stock, ours):
        fill(index, documents)
    assert everything(ours) == everything(stock)
    for query in (wq.Term("t", "alfa"), wq.Or([wq.Term("t", "bravo"), wq.Term("u", "alfa")]), wq.Prefix("t", "b")):
        assert ranked(ours, query) == ranked(stock, query)


def test_other_columns_than_the_usual_sort_and_read_as_in_whoosh(tmp_path: Path) -> None:
    def schema() -> Schema:
        return Schema(
            id=fields.ID(stored=True),
            float=fields.NUMERIC(float, sortable=True),
            decimal=fields.NUMERIC(Decimal, decimal_places=2, sortable=True, stored=True),
            unsigned=fields.NUMERIC(int, bits=64, signed=False, sortable=True),
            signed=fields.NUMERIC(int, bits=64, sortable=True, default=-5),
            bit=fields.COLUMN(columns.BitColumn()),
            fixed=fields.COLUMN(columns.FixedBytesColumn(3)),
            struct=fields.COLUMN(columns.StructColumn("ifH", (0, 0.0, 0))),
            ref=fields.COLUMN(columns.RefBytesColumn(default=b"?")),
        )

    stock, ours = pair(schema, tmp_path)
    documents: list[dict[str, Any]] = [
        {"id": "0", "float": 1.5, "unsigned": 2**64 - 2, "bit": True, "fixed": b"abc", "struct": (1, 2.0, 3)},
        {"id": "1", "float": -1e300, "unsigned": 0, "signed": 2**63 - 2, "decimal": Decimal("1.25"), "ref": b"x"},
        {"id": "2", "signed": -(2**63) + 1, "decimal": Decimal("-7.5")},
    ]
    for index in (stock, ours):
        fill(index, documents)
    ours.optimize()
    for name in ("float", "decimal", "unsigned", "signed", "bit", "fixed", "struct", "ref"):
        values = [list(index.reader().column_reader(name)) for index in (stock, ours)]
        assert list(map(repr, values[1])) == list(map(repr, values[0])), name
        for reverse in (False, True) if name in {"float", "unsigned", "signed"} else (False,):
            facet = sorting.FieldFacet(name, reverse=reverse)
            found = []
            for index in (stock, ours):
                with index.searcher() as searcher:
                    found.append([hit["id"] for hit in searcher.search(wq.Every(), sortedby=facet)])
            assert found[1] == found[0], name


VALUES: tuple[Any, ...] = (
    (1, "a", (2.5, None)),
    {1, 2},
    frozenset("ab"),
    Decimal("1.50"),
    date(2020, 1, 2),
    time(1, 2, 3),
    timedelta(days=-1, microseconds=5),
    datetime(2020, 1, 2, 3, tzinfo=timezone(timedelta(hours=7))),
    datetime(2020, 1, 2, 3, tzinfo=UTC),
    datetime(2020, 1, 2, 3),
    2**200,
    -(2**64),
    {1: "a", (2, 3): {"b": {4}}},
    complex(1, -2),
    b"\x00\xff",
    {"nested": [{"deep": ()}]},
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_stored_value_comes_back_as_it_was(tmp_path: Path, value: Any) -> None:
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True), v=fields.STORED))
    fill(index, [{"id": "a", "v": value}])
    (found,) = index.reader().all_stored_fields()
    assert found["v"] == value
    assert type(found["v"]) is type(value)
    if isinstance(value, datetime):
        assert found["v"].utcoffset() == value.utcoffset()


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        (fields.NUMERIC(int), "x"),
        (fields.NUMERIC(int), 2**64),
        (fields.NUMERIC(int, bits=64, sortable=True), -(2**63)),
        (fields.NUMERIC(int, stored=True), {1, 2}),
        (fields.TEXT(), {"a"}),
        (fields.DATETIME(), "kein Tag"),
        (fields.STORED(), object()),
        (fields.STORED(), "half \ud800 of a pair"),
        (fields.COLUMN(columns.VarBytesColumn()), "text"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_document_that_can_not_be_added_costs_no_other(tmp_path: Path, field: fields.FieldType, bad: Any) -> None:
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True, unique=True), v=field))
    writer = index.writer()
    writer.add_document(id="good")
    for method in (writer.add_document, writer.update_document):
        with pytest.raises((ValueError, TypeError, OverflowError)):
            method(id="good", v=bad)
    writer.add_document(id="better")
    writer.commit()
    assert stored_ids(tmp_path) == ["good", "better"]
    assert [term for name, term in index.reader().all_terms() if name == "id"] == [b"better", b"good"]


def test_a_loop_that_goes_on_after_bad_documents_commits_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_DOCUMENTS", 50)
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True), n=fields.NUMERIC))
    writer = index.writer()
    for number in range(180):
        if number % 60 == 3:
            with pytest.raises(ValueError, match="bad"):
                writer.add_document(id=str(number), n="bad")
        else:
            writer.add_document(id=str(number), n=number)
    writer.commit(merge=False)
    assert stored_ids(tmp_path) == [str(number) for number in range(180) if number % 60 != 3]
    assert len(index._segments()) > 2


def test_the_bounds_of_blocks_hold_at_the_end_of_postings(tmp_path: Path) -> None:
    stock, ours = pair(lambda: Schema(id=fields.ID(stored=True), t=fields.TEXT), tmp_path)
    texts = ("alfa", "alfa charlie", "alfa bravo " + "zulu " * 9)
    for index in (stock, ours):
        fill(index, [{"id": str(number), "t": text} for number, text in enumerate(texts)])
    query = wq.Or([wq.Term("t", one) for one in ("alfa", "bravo", "charlie")])
    assert ranked(ours, query, limit=1, terms=True) == ranked(stock, query, limit=1, terms=True)


@pytest.mark.parametrize("kind", [SegmentWriter, MpWriter])
def test_writers_of_whooshs_own_codec_are_refused_and_change_nothing(tmp_path: Path, kind: Any) -> None:
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True)))
    fill(index, [{"id": "a"}])
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(TypeError, match=r"writer\(\)"):
        kind(index)
    assert {path.name for path in tmp_path.iterdir()} == before
    fill(index, [{"id": "b"}])
    assert stored_ids(tmp_path) == ["a", "b"]


def test_a_merge_type_set_on_the_writer_counts(tmp_path: Path) -> None:
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True)))
    fill(index, [{"id": "a"}, {"id": "b"}])
    with index.writer() as writer:
        writer.add_document(id="c")
        writer.mergetype = CLEAR
    assert stored_ids(tmp_path) == ["c"]


def test_a_group_stays_in_one_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_DOCUMENTS", 10)
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True, unique=True), kind=fields.ID))
    with index.writer() as writer:
        writer.merge = False
        for number in range(8):
            writer.add_document(id=f"single{number}", kind="single")
        with writer.group():
            writer.add_document(id="parent", kind="parent")
            for number in range(5):
                writer.add_document(id=f"child{number}", kind="child")
        writer.update_document(id="child4", kind="child")
        with pytest.raises(ValueError, match="a group"), writer.group():
            for number in range(11):
                writer.add_document(id=f"many{number}", kind="many")
    with index.searcher() as searcher:
        found = searcher.search(wq.NestedParent(wq.Term("kind", "parent"), wq.Term("id", "child3")))
        assert [hit["id"] for hit in found] == ["parent"]
        assert sorted(hit["id"] for hit in searcher.search(wq.Term("kind", "child"), limit=None)) == [
            f"child{number}" for number in range(5)
        ]


def test_a_buffered_writers_searcher_keeps_what_is_buffered_when_it_is_refreshed(tmp_path: Path) -> None:
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True)))
    writer = BufferedWriter(index, period=0, limit=100)
    writer.add_document(id="a")
    searcher = writer.searcher()
    writer.add_document(id="b")
    assert len(searcher.refresh().search(wq.Every())) == 2
    writer.close()
    assert stored_ids(tmp_path) == ["a", "b"]


def test_what_a_writer_deleted_it_does_not_find_again(tmp_path: Path) -> None:
    counts = []
    for index in pair(lambda: Schema(id=fields.ID(stored=True)), tmp_path):
        fill(index, [{"id": "a"}, {"id": "b"}, {"id": "c"}])
        writer = index.writer()
        counts.append([writer.delete_by_query(wq.Term("id", "a")), writer.delete_by_query(wq.Every())])
        counts[-1].append(writer.delete_by_query(wq.Every()))
        with pytest.raises(IndexingError):
            writer.delete_document(99)
        writer.cancel()
    assert counts[1] == counts[0] == [1, 2, 0]
    with codec.open_index(tmp_path).writer() as writer, pytest.raises(IndexingError):
        writer.delete_document(-1)


def test_an_update_replaces_all_that_were_added_with_its_value(tmp_path: Path) -> None:
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True, unique=True), n=fields.STORED))
    with index.writer() as writer:
        writer.add_document(id="a", n=1)
        writer.add_document(id="a", n=2)
        writer.add_document(id=["b", "c"], n=3)
        writer.update_document(id="a", n=4)
        writer.update_document(id="c", n=5)
    assert [one["n"] for one in index.reader().all_stored_fields()] == [4, 5]


def test_values_to_be_stored_instead_are_as_in_whoosh(tmp_path: Path) -> None:
    stock, ours = pair(lambda: Schema(t=fields.TEXT(stored=True), u=fields.TEXT(stored=True)), tmp_path)
    for index in (stock, ours):
        fill(index, [{"_stored_t": "alone"}, {"t": "a", "_stored_t": None}, {"t": "b", "_stored_t": "c", "u": None}])
    assert list(ours.reader().all_stored_fields()) == list(stock.reader().all_stored_fields())


def test_fields_with_a_pattern_for_a_name_stay(tmp_path: Path) -> None:
    def schema() -> Schema:
        made = Schema(id=fields.ID(stored=True))
        made.add("*_t", fields.TEXT(stored=True), glob=True)
        return made

    stock, ours = pair(schema, tmp_path)
    for index in (stock, ours):
        fill(index, [{"id": "a", "x_t": "alfa bravo", "y_t": "charlie"}, {"id": "b", "x_t": "alfa"}])
    assert ranked(ours, wq.Term("x_t", "alfa")) == ranked(stock, wq.Term("x_t", "alfa"))
    ours.optimize()
    assert sorted(codec.open_index(tmp_path).reader().all_terms()) == sorted(stock.reader().all_terms())


def test_what_can_not_be_kept_is_refused_with_field_and_option(tmp_path: Path) -> None:
    class Unknown(analysis.Filter):
        def __call__(self, tokens: Any) -> Any:
            return tokens

    with pytest.raises(ValueError, match=r"'t'.*analyzer\.items\[\d\].*Unknown.*register"):
        codec.create(tmp_path, Schema(t=fields.TEXT(analyzer=analysis.SimpleAnalyzer() | Unknown())))
    with pytest.raises(ValueError, match=r"'t'.*stemfn.*register"):
        codec.create(tmp_path, Schema(t=fields.TEXT(analyzer=analysis.StemmingAnalyzer(stemfn=lambda word: word))))
    assert not codec.exists(tmp_path)


def test_no_description_makes_what_is_not_registered_or_hides_a_method(tmp_path: Path) -> None:
    rebuild = codec.descriptions.rebuild
    for described in (
        {"class": "os.system", "state": {}},
        {"class": "whoosh.fields.TEXT", "state": {"index": 1}},
        {"class": "whoosh.fields.TEXT", "state": {"__class__": 1}},
        {"name": "os.system"},
        {"eval": "1"},
        {"pattern": ["(", 0]},
        {"class": "whoosh.lang.porter.stem", "state": {}},
    ):
        with pytest.raises(ValueError, match=r"."):
            rebuild(described)


def test_a_column_is_not_added_to_documents_that_are_there(tmp_path: Path) -> None:
    index = codec.create(tmp_path, Schema(id=fields.ID(stored=True)))
    fill(index, [{"id": "a"}])
    writer = index.writer()
    with pytest.raises(NotImplementedError, match="add_reader"):
        sorting.add_sortable(writer, "id", sorting.StoredFieldFacet("id"))
    writer.cancel()
    with pytest.raises(LockError):
        index.writer(), index.writer()
