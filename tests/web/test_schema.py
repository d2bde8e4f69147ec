"""openapi.json says what there is, and what there is keeps to it, whatever it is asked."""

from __future__ import annotations

import httpx2
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PATHS = {"/search.json", "/suggest.json", "/article.json", "/similar.json", "/trends.json", "/index.json"}


def test_the_schema_has_every_address_that_answers_with_json(client: httpx2.Client) -> None:
    schema = client.get("/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == PATHS
    parameters = {one["name"] for one in schema["paths"]["/search.json"]["get"]["parameters"]}
    assert {"q", "province", "topic", "year", "since", "until", "sort", "page", "n", "provinces_of"} <= parameters


def test_no_question_brings_it_down_or_gets_another_shape(site: str) -> None:
    schema = schemathesis.openapi.from_url(f"{site}/openapi.json")
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        ask()
