"""Clips that are kept: read, listed, changed and deleted as their owner may; what is heard of them counts once."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.cloud import firestore

from shared.clips import (
    ClipInputs,
    ClipState,
    Outcome,
    delete_clip,
    export_clip,
    get_clip,
    list_clips,
    made_clips,
    record_signals,
    request_clips,
    retention_of,
    update_clip,
    write_clips,
)
from shared.clips.clip import Selection
from shared.clips.feedback import AnySignal, ClipExport, ClipKeep, ClipRate, ClipView
from shared.clips.learning import predicted
from shared.clips.signalling import tell_signals
from shared.core.clients import firestore_client
from shared.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from shared.core.ids import new_id
from shared.kompositions import KompositionService
from shared.prompts import as_request
from tests.cloud import RunningCloud
from tests.shared.clips.keeping import clip, keep_clip, keep_recording, keep_transcript
from tests.shared.kompositions.store.contents import content, keep_asset

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


def when(hour: int) -> dict[str, Any]:
    """The id and the moment of a signal."""
    return {"event_id": f"signal-{hour}", "at": AT + timedelta(hours=hour)}


def test_a_job_for_clips_has_all_that_it_needs(user: str) -> None:
    keep_recording(user)
    transcript = keep_transcript(user)
    job = request_clips(user, "j", "talk", as_request("funny"), transcript_id=transcript, prompt_id="funny")
    inputs = ClipInputs.of(job)
    assert (job.kind, inputs.asset_id, inputs.transcript_id, inputs.prompt_id) == ("clip", "talk", transcript, "funny")
    assert inputs.request == as_request("funny")
    assert request_clips(user, "j", "talk", as_request("viral")) == job


def test_what_clips_cannot_be_made_of_is_refused_when_they_are_asked_for(user: str) -> None:
    keep_recording(user, "mute", sound=False)
    with pytest.raises(NotFound):
        request_clips(user, "j", "nothing", as_request(None))
    with pytest.raises(InvalidInput, match="no sound"):
        request_clips(user, "j", "mute", as_request(None))
    with pytest.raises(InvalidInput) as refused:
        request_clips(user, "j", "mute", as_request(None), transcript_id="nothing")
    assert refused.value.errors[0].pointer == "/transcriptId"


def test_what_a_job_has_made_is_kept_with_its_prompt_and_what_is_expected_of_it(user: str) -> None:
    keep_recording(user)
    job = request_clips(user, "j", "talk", as_request("funny"), prompt_id="funny")
    chosen = Selection(clips=(clip(user).clip,), ranker="embedded")
    composed = KompositionService().create_komposition(user, "j-1", content(), title="A clip", platform="api")
    made = made_clips(job, "words", chosen, [composed])
    write(made)
    kept = get_clip(user, "j-1")
    assert kept == made[0]
    assert (kept.category, kept.prompt_id, kept.job_id, kept.komposition_id) == ("funny", "funny", "j", "j-1")
    assert (kept.komposition_version, kept.state) == (1, ClipState.PROPOSED)
    assert kept.predicted == predicted(user, 0.6, "embedded")


def write(clips: Sequence[Any]) -> None:
    @firestore.transactional
    def transact(transaction: firestore.Transaction) -> None:
        write_clips(transaction, clips)

    transact(firestore_client().transaction())


def test_they_are_listed_newest_first_and_by_what_they_are_of(user: str) -> None:
    for number, (asset, job) in enumerate([("a", "x"), ("b", "y"), ("a", "y")]):
        keep_clip(user, f"c{number}", asset_id=asset, job_id=job, created=AT + timedelta(hours=number))
    assert [each.id for each in list_clips(user, 10).items] == ["c2", "c1", "c0"]
    first = list_clips(user, 1, asset_id="a")
    rest = list_clips(user, 1, first.next_page_token, asset_id="a")
    assert [each.id for each in (*first.items, *rest.items)] == ["c2", "c0"]
    update_clip(user, "c1", state=ClipState.KEPT)
    assert [each.id for each in list_clips(user, 10, job_id="y", state=ClipState.KEPT).items] == ["c1"]


def test_what_is_said_of_a_clip_can_be_changed_and_the_rest_stays(user: str) -> None:
    before = keep_clip(user)
    after = update_clip(user, "job-1", title="Ship it", hashtags=["friday"])
    assert (after.clip.title, after.clip.hashtags) == ("Ship it", ("friday",))
    assert after.clip.segments == before.clip.segments
    assert (after.state, after.outcome) == (before.state, Outcome())
    assert get_clip(user, "job-1") == after


def test_a_decision_is_kept_and_heard_of_once(user: str) -> None:
    keep_clip(user)
    kept = update_clip(user, "job-1", state=ClipState.KEPT)
    again = update_clip(user, "job-1", state=ClipState.KEPT)
    assert (kept.state, kept.outcome.decision) == (ClipState.KEPT, "keep")
    assert again.outcome == kept.outcome
    assert update_clip(user, "job-1", state=ClipState.DISCARDED).outcome.decision == "discard"


def test_a_write_that_comes_too_late_is_refused(user: str) -> None:
    def stale(_current: str | None) -> None:
        raise PreconditionFailed("Too late.")

    before = keep_clip(user)
    with pytest.raises(PreconditionFailed):
        update_clip(user, "job-1", title="Late", check=stale)
    with pytest.raises(PreconditionFailed):
        delete_clip(user, "job-1", stale)
    assert get_clip(user, "job-1") == before


def test_a_signal_that_is_sent_again_counts_once(user: str) -> None:
    keep_clip(user)
    views = [ClipView(**when(1), views=10, watched=0.5), ClipView(**when(2), views=5)]
    first, new = record_signals(user, "job-1", views)
    again, repeated = record_signals(user, "job-1", [*views, *views, ClipRate(**when(3), stars=4)])
    assert (new, repeated) == (2, 1)
    assert first.outcome.views == again.outcome.views == 15
    assert again.outcome.stars == 4


def test_what_is_exported_without_a_word_is_kept(user: str) -> None:
    keep_clip(user)
    assert record_signals(user, "job-1", [ClipExport(**when(1))])[0].state is ClipState.KEPT


def test_events_tell_of_a_signal_and_not_of_whose_the_clip_is(user: str) -> None:
    kept = keep_clip(user)

    @firestore.transactional
    def told(transaction: firestore.Transaction) -> list[dict[str, Any]]:
        signals: list[AnySignal] = [ClipView(**when(1), views=3, watched=0.4), ClipRate(**when(2), stars=5)]
        messages = tell_signals(transaction, kept, signals)
        assert user not in str([message.data for message in messages])
        return [event for message in messages for event in json.loads(message.data)["events"]]

    view, rate = told(firestore_client().transaction())
    assert (view["event_type"], view["operation_type"]) == ("feedback", "clip_view")
    assert (rate["operation_type"], rate["generation"]["satisfaction"]) == ("clip_rate", 5)


def test_an_export_renders_the_komposition_as_it_is_now_and_tells_how_much_was_cut_anew(user: str) -> None:
    keep_asset(user)
    service = KompositionService()
    service.save_komposition(user, content(), komposition_id="job-1")
    keep_clip(user)
    first = export_clip(user, "job-1", "render-1")
    assert first.inputs["kompositionVersion"] == 1
    assert get_clip(user, "job-1").outcome.edited is None
    moved = content()
    moved["tracks"]["video"][0]["segments"][0]["sourceStart"] = {"beats": 0.5}
    service.save_komposition(user, moved, komposition_id="job-1")
    second = export_clip(user, "job-1", "render-2")
    export_clip(user, "job-1", "render-2")
    kept = get_clip(user, "job-1")
    assert (second.inputs["kompositionVersion"], kept.export_job_id) == (2, "render-2")
    assert (kept.outcome.exports, kept.outcome.edited) == (2, pytest.approx(2 / 3))


def test_where_people_leave_is_told_with_what_is_said_there(user: str) -> None:
    keep_transcript(user)
    kept = keep_clip(user)
    with pytest.raises(Conflict):
        retention_of(kept)
    curve = (1.0,) * 11 + (0.5,) * 10
    heard, _ = record_signals(user, "job-1", [ClipView(**when(1), views=10, retention=curve)])
    points = retention_of(heard)
    assert len(points) == 20
    lost = max(points, key=lambda point: point.lost)
    assert (lost.at, lost.recorded, lost.lost) == (5.0, 17.0, 0.5)
    assert lost.words == "never"
    assert " ".join(point.words for point in points if point.words) == "we learnt one thing way never ship on a friday"


def test_a_deleted_clip_is_gone_with_what_was_heard_of_it(user: str) -> None:
    kept = keep_clip(user)
    record_signals(user, "job-1", [ClipKeep(**when(1))])
    delete_clip(user, "job-1")
    with pytest.raises(NotFound):
        get_clip(user, "job-1")
    assert list(kept.reference.collection("feedback").stream()) == []
    with pytest.raises(NotFound):
        record_signals(user, "job-1", [ClipKeep(**when(2))])
