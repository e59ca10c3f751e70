"""Turnout: how many people there were under many labels, read once."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from shared.events import Platform
from shared.insights.composing import Scope
from shared.insights.kpi import Dimension, kpi
from shared.insights.turnout import Turnout
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


def test_more_values_than_a_word_has_bits_are_told_apart_in_both_times(hour: datetime) -> None:
    half = hour + timedelta(minutes=30)
    people: list[dict[tuple[tuple[str, str], ...], set[str]]] = [defaultdict(set), defaultdict(set)]
    for number in range(7):
        user, platform = f"user {number}", Platform.MCP if number % 3 else Platform.WEBAPP
        did = [(place, f"other_{place:08x}") for place in range(75) if (place + number) % 5 or place < 3]
        events = []
        for place, name in did:
            after = (place * 7 + number) % 2
            events.append(operation((half if after else hour) + timedelta(seconds=place), name, platform=platform))
            for labels in ((), (("operation", name),), (("platform", platform.value),)):
                people[after][labels].add(user)
        tell(user, *events)
    scope = Scope(hour, half, apart=(Dimension.OPERATION, Dimension.PLATFORM))
    later = Scope(half, half + timedelta(minutes=30), apart=scope.apart)
    before, after = Turnout(kpi("unique_users"), [scope, later]).ask()
    for crowd, expected in zip((before, after), people, strict=True):
        assert crowd.people == {labels: len(users) for labels, users in expected.items()}
        assert crowd.shown == {labels for labels, users in expected.items() if len(users) >= 5}
        assert len(crowd.people) > 62


def test_nobody_has_no_labels(hour: datetime) -> None:
    scope = Scope(hour, hour + timedelta(hours=1), apart=(Dimension.ERROR,))
    [crowd] = Turnout(kpi("unique_users"), [scope]).ask()
    assert (crowd.people, crowd.shown) == ({}, frozenset())
