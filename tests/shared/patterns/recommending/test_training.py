"""From events to what is recommended: on the local cloud, as it happens every night."""

import contextlib
import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.clients import bigquery_client, firestore_client, storage_client
from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.core.salts import salt_at
from shared.core.settings import settings
from shared.events import Event, hash_user
from shared.patterns.recommending import measure_live, model_card, recommend, train
from shared.patterns.recommending.histories import forget_people, person
from shared.patterns.recommending.serving import Serving, serving
from shared.patterns.recommending.store import load, pointer
from tests.cloud import ROOT, RunningCloud, wait_for
from tests.shared.told import operation, tell, tell_all

PEOPLE = [f"person {number}" for number in range(6)]
CLIPS = [*["trim resize to_mp3"] * 4, "trim leica_look", *["trim resize to_mp3"] * 4]

TRAIN = """from datetime import datetime
from shared.patterns.recommending import train
print("imported", flush=True)
train(datetime.fromisoformat("{moment}"))"""


@pytest.fixture(autouse=True)
def nothing_learned(cloud: RunningCloud) -> Iterator[None]:
    """No events, no model, nothing in the memory of this process."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    firestore_client().collection("recommenders").document("current").delete()
    serving.cache_clear()
    forget_people()
    yield
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    serving.cache_clear()
    forget_people()


def session_events(start: datetime, sessions: Sequence[str], platform: str = "mcp") -> list[Event]:
    """Sessions, an hour apart, each operation a minute after the one before."""
    return [
        operation(start + timedelta(hours=number, minutes=place), kind, platform=platform)
        for number, session in enumerate(sessions)
        for place, kind in enumerate(session.split())
    ]


def ran(user: str, start: datetime, *sessions: str, platform: str = "mcp") -> None:
    """A user runs sessions."""
    tell(user, *session_events(start, sessions, platform))


def everybody_ran(start: datetime, *sessions: str, people: Sequence[str] = PEOPLE) -> None:
    tell_all((user, session_events(start, sessions)) for user in people)


def test_what_people_did_next_is_recommended_with_the_reason(hour: datetime) -> None:
    everybody_ran(hour, *CLIPS)
    stored = train(hour + timedelta(days=1))
    assert stored is not None
    first, second = recommend(["trim"], limit=2)
    assert (first.operation, second.operation) == ("resize", "leica_look")
    assert first.probability > 0.7 > 0.3 > second.probability
    assert first.reason == "Having begun with trim, people ran it next in 89% of 54 cases."
    assert (first.source, serving().card().model) == ("model", stored.sha256)
    [started] = recommend([], limit=1)
    assert started.reason == "People began with it in 100% of 54 sessions."


def test_the_card_says_what_was_learned_and_against_what_was_chosen(hour: datetime) -> None:
    everybody_ran(hour, *["trim resize to_mp3"] * 40)
    train(hour + timedelta(days=3))
    card = model_card()
    assert (card.trained_at, card.window_start) == (hour + timedelta(days=3), hour + timedelta(days=-87))
    everywhere, mcp = sorted(card.platforms, key=lambda each: each.platform)
    assert (everywhere.platform, mcp.platform) == ("all", "mcp")
    assert (mcp.sessions, mcp.operations, mcp.kinds, mcp.told) == (240, 720, 3, 1)
    worth = {each.name: each.hit10 + each.mrr10 for each in mcp.candidates}
    assert worth.keys() >= {"popularity", "markov", "ngram", "neighbours", "blend"}
    assert worth[mcp.chosen] == max(worth.values())
    assert {each.name: each.hit1 for each in mcp.candidates}["markov"] == 1


def test_what_fewer_than_five_people_did_is_not_learned(hour: datetime) -> None:
    everybody_ran(hour, *CLIPS)
    everybody_ran(hour + timedelta(days=1), *["trim secret_sauce"] * 20, people=PEOPLE[:4])
    stored = train(hour + timedelta(days=3))
    assert stored is not None
    bucket = storage_client().bucket(settings().bucket("documents"))
    assert b"secret_sauce" not in gzip.decompress(bucket.blob(stored.object).download_as_bytes())
    assert "secret_sauce" not in {each.operation for each in recommend(["trim"], limit=20)}


def test_where_nothing_is_shared_by_five_people_nothing_changes(hour: datetime) -> None:
    everybody_ran(hour, "trim resize", people=PEOPLE[:4])
    assert train(hour + timedelta(days=1)) is None
    assert (pointer(), model_card().model) == (None, "prior")
    found = recommend(["trim", "resize"])
    assert (found[0].operation, found[0].source) == ("to_mp3", "prior")
    assert found[0].reason == "Usual after resize; nobody's work was learned from yet."


def test_a_persons_own_habit_comes_first_and_opting_out_ends_that(hour: datetime) -> None:
    user = new_id()
    ran(user, hour, *["trim reverse"] * 15)
    everybody_ran(hour, "reverse trim")
    everybody_ran(hour + timedelta(days=1), *CLIPS)
    train(hour + timedelta(days=2))
    assert recommend(["trim"], limit=1)[0].operation == "resize"
    [own] = recommend(["trim"], user_id=user, limit=1)
    assert (own.operation, own.source) == ("reverse", "own")
    assert own.reason == "Having begun with trim, you ran it next in 15 of 15 cases."
    firestore_client().collection("users").document(user).set({"analyticsOptOut": True})
    forget_people()
    assert recommend(["trim"], user_id=user, limit=1)[0].operation == "resize"
    assert person(user).hash is None


def test_a_killed_training_leaves_a_model_that_serves(cloud: RunningCloud, hour: datetime) -> None:
    everybody_ran(hour, *CLIPS)
    old = train(hour + timedelta(days=1))
    moment = (hour + timedelta(days=2)).isoformat()
    code = TRAIN.format(moment=moment)
    killed = 0
    for seconds in (0.05, 0.4, 0.9):
        training = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, env=dict(os.environ)
        )
        assert training.stdout is not None
        training.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):  # A quick machine may have done it in that time.
            training.wait(seconds)
        training.kill()
        killed += training.wait() == -signal.SIGKILL
        training.stdout.close()
        found = pointer()
        assert found is not None
        assert load(found).recommend(["trim"])[0].operation == "resize"
    assert old is not None
    assert killed


def test_a_model_that_was_damaged_is_not_believed(hour: datetime) -> None:
    everybody_ran(hour, *CLIPS)
    stored = train(hour + timedelta(days=1))
    assert stored is not None
    blob = storage_client().bucket(settings().bucket("documents")).blob(stored.object)
    blob.upload_from_string(gzip.compress(b"{}"))
    with pytest.raises(Unavailable, match="not the one that was stored"):
        load(stored)
    assert recommend(["trim"])[0].source == "prior"


def test_a_newer_model_takes_over_while_the_old_one_answers(hour: datetime) -> None:
    everybody_ran(hour, *CLIPS)
    first = train(hour + timedelta(days=1))
    process = Serving(look_again=0.0)
    assert process.card().model == (first.sha256 if first else None)
    everybody_ran(hour + timedelta(days=1), *["trim reverse"] * 20)
    second = train(hour + timedelta(days=2))

    def taken_over() -> bool:
        current = process.current()
        assert current is not None
        return bool(second and process.card().model == second.sha256)

    wait_for(taken_over, "the second model serves")
    current = process.current()
    assert current is not None
    assert current.recommend(["trim"])[0].operation == "reverse"


def test_the_live_hit_rate_is_that_of_what_people_did_next() -> None:
    later = datetime.now(UTC) - timedelta(days=2)  # What was served 60 days ago is gone.
    everybody_ran(later - timedelta(days=2), *CLIPS)
    train(later)
    rows = [
        {
            "served_id": f"{user}-{number}",
            "served_at": (later + timedelta(hours=number)).isoformat(),
            "user_id": hash_user(user, later),
            "salt_version": salt_at(later).version,
            "platform": "mcp",
            "model": "m",
            "operations": ["resize", "reverse", "convert"],
        }
        for user in PEOPLE[:5]
        for number in range(3)
    ]
    client = bigquery_client()
    assert client.insert_rows_json(f"{client.project}.kompo.recommendations_served", rows) == []
    for user in PEOPLE[:5]:
        # The first is followed by what was recommended first, the second by what was third, the third by nothing in time.
        tell(user, operation(later + timedelta(minutes=5), "resize"), operation(later + timedelta(minutes=9), "trim"))
        tell(user, operation(later + timedelta(hours=1, minutes=5), "convert"))
        tell(user, operation(later + timedelta(hours=2, minutes=45), "resize"))
    everywhere, mcp = measure_live(later + timedelta(hours=5))
    assert (everywhere.platform, mcp.platform) == ("all", "mcp")
    assert (mcp.followed, mcp.hit1, mcp.hit10) == (10, 0.5, 1)
    assert mcp.mrr10 == pytest.approx((1 + 1 / 3) / 2)
    assert mcp.hit10_low < 1
    assert mcp.hit10_high == pytest.approx(1)
    assert model_card().live == [everywhere, mcp]
    insight = firestore_client().collection("quality_insights").document("recommendations").get().to_dict()
    assert insight is not None
    assert insight["metrics"]["hit10 mcp"]["followed"] == 10
