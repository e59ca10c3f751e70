"""Dead letters: taken in or quarantined, and acknowledged only then."""

import pytest

from shared.core.clients import publisher
from shared.events.__main__ import main
from shared.events.drain import Drained, drain
from tests.cloud import RunningCloud
from tests.shared.events.messages import good_row, message, rows

pytestmark = pytest.mark.usefixtures("cloud")


def bury(cloud: RunningCloud, *messages: bytes) -> None:
    """Publish to the dead-letter topic, as Pub/Sub does after the last attempt."""
    topic = f"projects/{cloud.project}/topics/events-dead"
    for future in [publisher().publish(topic, body) for body in messages]:
        future.result(timeout=20)


def test_dead_letters_are_taken_in_or_quarantined_and_gone(
    cloud: RunningCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = good_row(), good_row(surprise=1)
    bury(cloud, message(good), message(good, bad), b"\xff poison of the drain")
    assert main(["drain", "--patience", "2"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "3 dead letters settled: 1 events accepted, 1 duplicates, 0 withheld, 2 quarantined."
    assert len(rows("events", good["event_id"])) == len(rows("events_rejected", bad["event_id"])) == 1
    assert drain(patience=1) == Drained()
