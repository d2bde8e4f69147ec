"""names.json, which queries read, says what the gazetteer and the topics say."""

from __future__ import annotations

import subprocess
import sys

from searcher.tagging import provinces
from tools.names import NAMES


def test_a_query_loads_nothing_that_tags_articles() -> None:
    code = "import sys, searcher.tagging as t; t.find_places('son la'); print('searcher.tagging.tagger' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"


def test_the_gazetteer_has_the_districts_of_the_63_provinces_as_they_were_at_the_end() -> None:
    rows = [
        line.split("\t")
        for line in (NAMES.parent / "divisions.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    districts = [(name, province) for name, kind, province in rows if kind != "ward"]
    assert len(districts) == 696
    assert {province for _name, province in districts} == set(provinces().names)
    assert all(place in districts for place in (("Móng Cái", "Quảng Ninh"), ("Hướng Hóa", "Quảng Trị")))
