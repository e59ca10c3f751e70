"""Stored transcripts: versions, steps back and forward, and content of any size."""

import pytest

from shared.core.errors import Conflict, NotFound, PreconditionFailed
from shared.core.ids import new_id
from shared.transcripts import (
    StoredTranscript,
    create_transcript,
    delete_transcript,
    get_transcript,
    list_transcripts,
    save_transcript,
)
from shared.transcripts.editing import Replace, align_transcript, edit_transcript
from shared.transcripts.store import list_versions, redo, restore_version, undo
from shared.transcripts.store.document import transcript_reference
from tests.cloud import RunningCloud
from tests.shared.transcripts.texts import long_transcript, said, transcript

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def uid() -> str:
    return f"user-{new_id()}"


def saved(uid: str, *texts: str) -> StoredTranscript:
    """A transcript with a version for each text."""
    transcript_id = new_id()
    for text in texts:
        kept = save_transcript(uid, "asset", transcript(said(text)), transcript_id=transcript_id)
    return kept


def test_what_is_saved_is_read_again_with_what_lists_show(uid: str) -> None:
    told = transcript(said("Hello there.", speaker="Ada"), said("Yes.", 2, speaker="Grace"))
    kept = save_transcript(uid, "asset", told, title="Talk", author=uid)
    read = get_transcript(uid, kept.id)
    assert read == kept
    assert read.transcript == told
    assert (read.version, read.words, read.speakers, read.title) == (1, 3, ["Ada", "Grace"], "Talk")
    assert [each.id for each in list_transcripts(uid, 10).items] == [kept.id]
    assert list_transcripts(uid, 10, asset_id="another").items == []


def test_four_hours_of_speech_are_kept_whole(uid: str) -> None:
    told = long_transcript(40_000)
    kept = save_transcript(uid, None, told)
    assert get_transcript(uid, kept.id).transcript == told
    document = transcript_reference(uid, kept.id).get().to_dict() or {}
    assert set(document["content"]) == {"object", "size"}, "too large for a document of Firestore"


def test_saving_the_same_again_makes_no_version(uid: str) -> None:
    assert saved(uid, "one", "one").version == 1
    assert saved(uid, "one", "two").version == 2


def test_a_job_that_runs_twice_undoes_no_edit(uid: str) -> None:
    create_transcript(uid, "from-job", "asset", transcript(said("herd")))
    save_transcript(uid, None, transcript(said("heard")), transcript_id="from-job")
    again = create_transcript(uid, "from-job", "asset", transcript(said("herd")))
    assert (again.version, again.transcript.text) == (2, "heard")


def test_a_save_that_comes_too_late_is_refused(uid: str) -> None:
    kept = saved(uid, "one", "two")

    def refuse(etag: str | None) -> None:
        assert etag == kept.etag
        raise PreconditionFailed("Too late.")

    with pytest.raises(PreconditionFailed):
        save_transcript(uid, None, transcript(said("three")), transcript_id=kept.id, check=refuse)
    assert get_transcript(uid, kept.id).transcript.text == "two"


def test_every_edit_can_be_undone_and_done_again(uid: str) -> None:
    kept = saved(uid, "one", "two", "three")

    def now() -> str:
        return get_transcript(uid, kept.id).transcript.text

    assert [undo(uid, kept.id).transcript.text for _ in range(2)] == ["two", "one"]
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(uid, kept.id)
    assert [redo(uid, kept.id).transcript.text for _ in range(2)] == ["two", "three"]
    with pytest.raises(Conflict, match="nothing to redo"):
        redo(uid, kept.id)
    assert [undo(uid, kept.id).transcript.text for _ in range(2)] == ["two", "one"]
    save_transcript(uid, None, transcript(said("four")), transcript_id=kept.id)
    with pytest.raises(Conflict, match="nothing to redo"):
        redo(uid, kept.id)
    assert undo(uid, kept.id).transcript.text == "one"
    assert redo(uid, kept.id).transcript.text == now() == "four"


def test_what_was_edited_away_is_in_the_versions_and_comes_back(uid: str) -> None:
    kept = saved(uid, "one", "two", "three")
    undo(uid, kept.id)
    listed = list_versions(uid, kept.id, 10)
    assert [each.version for each in listed.items] == [4, 3, 2, 1]
    assert get_transcript(uid, kept.id, 3).transcript.text == "three"
    restored = restore_version(uid, kept.id, 1)
    assert (restored.version, restored.transcript.text) == (5, "one")
    assert undo(uid, kept.id).transcript.text == "two"


def test_a_deleted_transcript_is_gone_with_its_versions(uid: str) -> None:
    kept = save_transcript(uid, None, long_transcript(8000))
    delete_transcript(uid, kept.id)
    for version in (None, 1):
        with pytest.raises(NotFound):
            get_transcript(uid, kept.id, version)


def test_others_do_not_see_it(uid: str, cloud: RunningCloud) -> None:
    kept = saved(uid, "mine")
    with pytest.raises(NotFound):
        get_transcript("somebody", kept.id)


def test_edits_are_saved_in_one_version_that_says_what_they_were(uid: str) -> None:
    kept = saved(uid, "we met in new york", "we met in new york once")
    after, changes = edit_transcript(uid, kept.id, [Replace(find="new york", replacement="Boston")], author=uid)
    assert (after.transcript.text, after.version, changes) == ("we met in Boston once", 3, (1,))
    assert after.message == "Replaced 'new york' by 'Boston', once"
    assert undo(uid, kept.id).transcript.text == "we met in new york once"
    same, changes = edit_transcript(uid, kept.id, [Replace(find="Rome", replacement="Boston")])
    assert (same.version, changes) == (4, (0,)), "what changes nothing makes no version"


class TestAligning:
    def test_a_stored_transcript_gets_the_times_of_what_was_heard_and_can_be_undone(self, uid: str) -> None:
        kept = saved(uid, "We met in New York")
        heard = transcript(said("we met in new york", 7))
        for _ in range(2):
            aligned, matched = align_transcript(uid, kept.id, heard)
            assert (aligned.version, matched, aligned.transcript.text) == (2, 1.0, "We met in New York")
            assert aligned.transcript.segments[0].start == 7
        assert undo(uid, kept.id).transcript == kept.transcript

    def test_what_is_of_another_recording_stays_as_it_was(self, uid: str) -> None:
        kept = saved(uid, "We met in New York")
        with pytest.raises(Conflict, match=r"Only 0 % .* another"):
            align_transcript(uid, kept.id, transcript(said("something else entirely")))
        assert get_transcript(uid, kept.id).version == 1
