"""Packed numbers and document lists come back from a file as they were, whole and in part."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from searcher.codec.container import Container, encode_container
from searcher.codec.damage import IndexDamaged
from searcher.codec.documents import Documents, document_arrays
from searcher.codec.packing import Packed, pack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("containers")


def written(folder: Path, arrays: dict[str, NDArray[Any]]) -> Container:
    pieces, known_by = encode_container(arrays, {})
    path = folder / "one"
    path.write_bytes(b"".join(pieces))
    return Container(path, known_by)


@given(
    most=st.sampled_from([1, 14, 200, 1000, 4000, 60_000, (1 << 32) - 1]),
    large=st.sampled_from([0.0, 0.01, 0.3]),
    count=st.integers(0, 300),
    seed=st.integers(0, 1000),
    ends=st.tuples(st.integers(0, 300), st.integers(0, 300)),
)
@settings(deadline=None)
def test_packed_numbers_come_back(
    folder: Path, most: int, large: float, count: int, seed: int, ends: tuple[int, int]
) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(0, most + 1, count)
    values[random.random(count) < large] = min(most * 300, (1 << 32) - 1)
    packed = Packed(written(folder, pack("x", values)), "x")
    start, stop = sorted(min(end, count) for end in ends)
    assert packed.slice(start, stop).tolist() == values[start:stop].tolist()
    places = random.integers(0, count, 20) if count else np.empty(0, dtype=np.int64)
    assert packed.take(places).tolist() == values[places].tolist()


@given(
    count=st.integers(1, 20_000),
    most=st.sampled_from([10, 5_000, (1 << 32) - 1]),
    seed=st.integers(0, 1000),
    data=st.data(),
)
@settings(deadline=None, max_examples=50)
def test_what_is_sought_in_an_ascending_array_is_found_though_little_of_it_is_checked(
    folder: Path, count: int, most: int, seed: int, data: st.DataObject
) -> None:
    values = np.sort(np.random.default_rng(seed).integers(0, most + 1, count)).astype(np.uint32)
    part = written(folder, {"x": values}).part("x")
    sought = sorted(data.draw(st.lists(st.integers(0, most) | st.sampled_from(values.tolist()), max_size=5)))
    wanted = values.searchsorted(np.array(sought, dtype=np.uint32)).tolist()
    assert [part.lower_bound(one) for one in sought] == wanted
    assert written(folder, {"x": values}).part("x").lower_bounds(np.array(sought, dtype=np.int64)).tolist() == wanted


@pytest.mark.parametrize("damaged", range(0, 40_000, 1_777))
def test_a_search_through_a_damaged_array_is_right_or_an_error(folder: Path, damaged: int) -> None:
    values = np.arange(0, 20_000, 2, dtype=np.uint32)
    pieces, known_by = encode_container({"x": values}, {})
    raw = bytearray(b"".join(pieces))
    start = raw.index(values.tobytes())
    raw[start + damaged] ^= 0x55
    (folder / "damaged").write_bytes(raw)
    errors = 0
    for sought in range(0, 20_000, 997):
        for search in (
            lambda part, one: part.lower_bound(one),
            lambda part, one: part.lower_bounds(np.array([one]))[0],
        ):
            try:
                assert search(Container(folder / "damaged", known_by).part("x"), sought) == -(-sought // 2)
            except IndexDamaged as error:
                assert "x" in str(error)
                errors += 1
    assert errors < 40  # who looks elsewhere is not told


def test_numbers_take_the_fewest_bits_that_hold_nearly_all() -> None:
    values = np.arange(100_000)
    for most, bits in ((15, 4), (255, 8), (1023, 10), (4095, 12), (65_535, 16)):
        assert sum(array.nbytes for array in pack("x", values % (most + 1)).values()) == len(values) * bits // 8
    values = values % 16
    values[::1000] = 70_000
    assert sum(array.nbytes for array in pack("x", values).values()) < len(values) * 5 // 8


@given(
    doc_count=st.integers(1, 200),
    shares=st.lists(st.sampled_from([0.0, 0.01, 0.06, 0.07, 0.5, 1.0]), max_size=12),
    seed=st.integers(0, 1000),
)
@settings(deadline=None)
def test_documents_of_terms_come_back(folder: Path, doc_count: int, shares: list[float], seed: int) -> None:
    random = np.random.default_rng(seed)
    lists = [np.flatnonzero(random.random(doc_count) < share).astype(np.uint16) for share in shares]
    lists = [one for one in lists if len(one)]
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in lists]))).astype(np.int64)
    flat = np.concatenate([*lists, np.empty(0, dtype=np.uint16)])
    container = written(folder, document_arrays("f", offsets, flat, doc_count))
    documents = Documents(container, "f", len(lists), doc_count)
    assert documents.all(offsets).tolist() == flat.tolist()
    for ordinal, one in enumerate(lists):
        assert documents.of(ordinal, int(offsets[ordinal]), int(offsets[ordinal + 1])).tolist() == one.tolist()
        mask = documents.mask(ordinal)
        assert (mask is not None) == documents.is_common(ordinal)
        if mask is not None:
            assert np.flatnonzero(mask).tolist() == one.tolist()
