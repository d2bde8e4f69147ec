"""Texts for several people at once: each in the language of whoever asked."""

from __future__ import annotations

import threading

import pytest

from searcher.messages import _, language, number, speaking


def test_what_is_made_while_speaking_is_in_that_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")
    with speaking("vi"):
        assert (language(), number(1234.5, 1), _("year")) == ("vi", "1.234,5", "năm")
        with speaking("en"):
            assert number(1234.5, 1) == "1,234.5"
        assert language() == "vi"
    assert (language(), _("year")) == ("en", "year")


def test_threads_speak_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")
    both, heard = threading.Barrier(2), {}

    def speak(chosen: str) -> None:
        with speaking(chosen):
            both.wait(10)
            heard[chosen] = _("year")

    threads = [threading.Thread(target=speak, args=(one,)) for one in ("vi", "en")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert heard == {"vi": "năm", "en": "year"}
