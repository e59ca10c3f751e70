"""Collectors with a spool of their own, and an endpoint to send to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.events.client import AnalyticsCollector
from tests.shared.events.client.endpoint import Endpoint, serving

Collectors = Callable[..., AnalyticsCollector]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that answers as the API does, until it is told otherwise."""
    with serving() as found:
        yield found


@pytest.fixture
def make(endpoint: Endpoint, tmp_path: Path) -> Iterator[Collectors]:
    """Makes collectors that send to the endpoint, quickly."""
    made: list[AnalyticsCollector] = []

    def collector(**settings: Any) -> AnalyticsCollector:
        quick = {"endpoint": endpoint.url, "token": "t", "spool": tmp_path / "spool", "flush_seconds": 0.02}
        made.append(AnalyticsCollector(**{**quick, "timeout": 2.0, **settings}))
        return made[-1]

    yield collector
    for each in made:
        each.close(0)
