"""Turnout: how many people there were under many labels, read once."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from shared.events import Platform
from shared.insights.composing import Scope
from shared.insights.kpi import Dimension, kpi
from shared.insights.measurement import Labels
from shared.insights.turnout import Crowd, Turnout
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


def test_more_values_than_a_word_has_bits_are_told_apart(hour: datetime) -> None:
    people: dict[Labels, set[str]] = defaultdict(set)
    for number in range(7):
        user, platform = f"user {number}", Platform.MCP if number % 3 else Platform.WEBAPP
        did = [f"other_{place:08x}" for place in range(75) if (place + number) % 3 or place < 3]
        tell(user, *(operation(hour + timedelta(seconds=n), name, platform=platform) for n, name in enumerate(did)))
        for labels in ((), (("platform", platform.value),), *((("operation", name),) for name in did)):
            people[labels].add(user)
    scope = Scope(hour, hour + timedelta(hours=1), apart=(Dimension.OPERATION, Dimension.PLATFORM))
    crowd = Turnout(kpi("unique_users"), scope).ask()
    assert crowd.people == {labels: len(users) for labels, users in people.items()}
    assert crowd.shown == {labels for labels, users in people.items() if len(users) >= 5}
    assert len(crowd.people) > 62 and len(crowd.people) > len(crowd.shown) > 3


def test_nobody_has_no_labels(hour: datetime) -> None:
    scope = Scope(hour, hour + timedelta(hours=1), apart=(Dimension.ERROR,))
    assert Turnout(kpi("unique_users"), scope).ask() == Crowd({})
