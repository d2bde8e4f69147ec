"""names.json, which queries read, says what the gazetteer and the topics say."""

from __future__ import annotations

import subprocess
import sys

from tools.names import NAMES, compiled


def test_the_names_are_compiled_from_the_gazetteer_as_it_is() -> None:
    assert NAMES.read_text("utf-8") == compiled(), "run python -m tools.names"


def test_a_query_loads_nothing_that_tags_articles() -> None:
    code = "import sys, searcher.tagging as t; t.find_places('son la'); print('searcher.tagging.tagger' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
