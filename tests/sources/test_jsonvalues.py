"""The objects of a JSON document are cut out as they stand, whatever they hold and wherever a block ends."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher.sources import jsonvalues
from searcher.sources.jsonvalues import values

_text = st.text(st.sampled_from('ab{}[]",:\\ \n/ư1'), max_size=8)
_flat = st.one_of(_text, st.integers(), st.none(), st.lists(_text, max_size=3))
_objects = st.lists(
    st.dictionaries(_text, st.one_of(_flat, st.dictionaries(_text, _flat, max_size=2)), max_size=4), max_size=5
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_objects, st.booleans(), st.sampled_from([None, 1]), st.sampled_from([5, 64, 65536]))
def test_every_object_of_an_array_comes_out_whole(
    monkeypatch: pytest.MonkeyPatch, objects: list[dict[str, Any]], ascii_only: bool, indent: int | None, block: int
) -> None:
    monkeypatch.setattr(jsonvalues, "_BLOCK_BYTES", block)
    document = json.dumps(objects, ensure_ascii=ascii_only, indent=indent).encode()
    found = list(values(io.BufferedReader(io.BytesIO(document))))
    assert [json.loads(one.raw or b"") for one in found] == objects
    assert all(one.in_array and one.is_whole for one in found)


def test_texts_of_a_flat_object_are_charged_like_those_of_others() -> None:
    spent: list[int] = []
    document = b"[" + b",".join(b'{"a":"b","c":["d","e"]}' for _record in range(64)) + b"]"
    assert len(list(values(io.BufferedReader(io.BytesIO(document)), lambda: spent.append(1)))) == 64
    assert len(spent) >= 64 * 5 // jsonvalues.TOKENS_A_RECORD
