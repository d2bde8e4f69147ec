"""What completion gives back."""

from __future__ import annotations

from typing import Final

import msgspec

KINDS: Final = ("topic", "place", "word", "phrase", "title")


class Suggestion(msgspec.Struct, frozen=True):
    """Something that what was typed may become.

    - `kind` is one of `KINDS`. `count` is in how many articles: tagged so (topic, province), with the word in their
      body (word, other places), with the phrase in their title (phrase); 1 for a title.
    - `value` is a topic's slug, a title's article id, else empty.
    """

    text: str
    kind: str
    count: int
    value: str = ""
