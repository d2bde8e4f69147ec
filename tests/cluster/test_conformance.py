"""The engine of a cluster is an index as every engine has to be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.suite import Conformance

pytestmark = pytest.mark.slow


class TestCluster(Conformance):
    """An index in a cluster of one node."""

    @pytest.fixture(scope="class")
    @classmethod
    def new_location(cls, new_address: Callable[[], str]) -> Callable[[], str]:
        return new_address
