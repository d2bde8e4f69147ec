"""No regular expression of the project takes for ever on a text made for it: see tests/pumping.py."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.skipif(sys.platform == "win32", reason="no timer of processor time there")
def test_no_pattern_repeats_within_a_repetition_what_matches_in_many_ways() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.pumping"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
