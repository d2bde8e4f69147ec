"""What the answers of this server look like, for openapi.json: the objects that the commands print as well."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from litestar.openapi import ResponseSpec

from searcher.web.answers import Problem


def of(answer: type[msgspec.Struct], *, missing: bool = False) -> Mapping[int, ResponseSpec]:
    """Return the responses of an address that answers so."""
    refusals = {
        400: "What is asked for can't be meant.",
        401: "The token is wanted.",
        421: "The Host is not this server's.",
        429: "Too many requests at once; Retry-After says when to come again.",
        503: "The index can't be read, or the answer took too long.",
    }
    if missing:
        refusals[404] = "There is no such article."
    specs = {
        status: ResponseSpec(Problem, generate_examples=False, description=description)
        for status, description in refusals.items()
    }
    return {200: ResponseSpec(answer, generate_examples=False, description="The answer."), **specs}
