"""Paper edits as documents: every version stays, nobody's work is lost, and the komposition follows."""

from collections.abc import Callable

import pytest

from shared.assets import Asset, AssetState, StoredObject
from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.errors import Conflict, NotFound, PreconditionFailed
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.kompositions import KompositionService
from shared.paper_editing import CleanUp, KompositionChanged, NotAnalyzed, PaperEdit, TranscriptGone
from shared.paper_editing.store import (
    StoredPaperEdit,
    change_paper_edit,
    cleaned,
    create_paper_edit,
    delete_paper_edit,
    film_paper,
    follow_timeline,
    follow_transcript,
    get_paper_edit,
    keep_profile,
    list_paper_edits,
    list_versions,
    load_profile,
)
from shared.transcripts import delete_transcript, save_transcript
from tests.cloud import RunningCloud
from tests.shared.paper_editing.talk import Talk

service = KompositionService()
Change = Callable[[StoredPaperEdit], PaperEdit]


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


@pytest.fixture
def asset(user: str, talk: Talk) -> Asset:
    """The talk, uploaded."""
    name = f"users/{user}/assets/talk/v1/talk.mov"
    bucket = storage_client().bucket(settings().bucket("media"))
    bucket.blob(name).upload_from_filename(str(talk.media.path))
    made = Asset(
        id="talk",
        user_id=user,
        state=AssetState.READY,
        filename="talk.mov",
        content_type="video/quicktime",
        stored=StoredObject(bucket=bucket.name, name=name, generation=1),
        media=talk.media.info.to_json(),
        created=now(),
        modified=now(),
    )
    made.reference.set(made.document())
    return made


@pytest.fixture
def edit(user: str, asset: Asset, talk: Talk) -> StoredPaperEdit:
    """An edit of its transcript."""
    transcript = save_transcript(user, asset.id, talk.transcript, title="Talk")
    return create_paper_edit(user, "edit", transcript.id)


def deletes(word: int) -> Change:
    return lambda found: found.edit.delete(word)


def test_what_is_saved_is_what_is_read(user: str, edit: StoredPaperEdit) -> None:
    saved = change_paper_edit(user, "edit", deletes(3), message="Deleted")
    read = get_paper_edit(user, "edit")
    assert read == saved
    assert (read.edit.text, read.version, read.cuts) == (edit.edit.delete(3).text, 2, 1)
    assert read.after < read.before
    (listed,) = list_paper_edits(user, 10, transcript_id=edit.transcript_id).items
    assert (listed.id, listed.version, listed.after) == ("edit", 2, read.after)


def test_every_version_stays_and_a_change_that_changes_nothing_makes_none(user: str, edit: StoredPaperEdit) -> None:
    for word in (1, 2):
        change_paper_edit(user, "edit", deletes(word))
    change_paper_edit(user, "edit", lambda found: found.edit)
    assert [each.version for each in list_versions(user, "edit", 10).items] == [3, 2, 1]
    assert get_paper_edit(user, "edit", 2).edit.text == edit.edit.delete(1).text


def test_a_change_that_comes_too_late_is_refused_and_one_at_the_same_time_is_not_lost(
    user: str, edit: StoredPaperEdit
) -> None:
    def stale(_current: str | None) -> None:
        raise PreconditionFailed("Too late.")

    def meanwhile(found: StoredPaperEdit) -> PaperEdit:
        if found.version == 1:
            change_paper_edit(user, "edit", deletes(1))
        return found.edit.delete(2)

    with pytest.raises(PreconditionFailed):
        change_paper_edit(user, "edit", deletes(0), check=stale)
    assert change_paper_edit(user, "edit", meanwhile).edit.text == edit.edit.delete(1).delete(2).text


def test_an_edit_goes_with_its_versions_and_stays_unread_without_its_transcript(
    user: str, edit: StoredPaperEdit
) -> None:
    create_paper_edit(user, "other", edit.transcript_id)
    delete_paper_edit(user, "other")
    with pytest.raises(NotFound):
        get_paper_edit(user, "other")
    delete_transcript(user, edit.transcript_id)
    with pytest.raises(TranscriptGone):
        get_paper_edit(user, "edit")


def test_the_komposition_follows_the_paper_and_the_paper_the_komposition(
    user: str, edit: StoredPaperEdit, asset: Asset, talk: Talk
) -> None:
    with pytest.raises(NotAnalyzed):
        film_paper(user, "edit", "film")
    assert keep_profile(asset, talk.media.path, talk.media.info) == load_profile(asset)
    change_paper_edit(user, "edit", deletes(1))
    first, film = film_paper(user, "edit", "film", captions={"style": "pop"})
    assert (film.id, film.metadata.version, first.version) == ("film", 1, 2)
    change_paper_edit(user, "edit", deletes(8))
    _, film = film_paper(user, "edit", "unused")
    assert (film.id, film.metadata.version) == ("film", 2)
    assert "w8" not in str(film.komposition["tracks"]["caption"])

    worked_on = film.parse()
    worked_on.tracks.video[0].segments[-1].muted = True
    service.save_komposition(user, worked_on, komposition_id="film")
    with pytest.raises(KompositionChanged):
        film_paper(user, "edit", "unused")
    followed = follow_timeline(user, "edit")
    assert followed.edit.text == "w0 w2 w3 w4 w5 w6 w7"
    assert film_paper(user, "edit", "unused")[1].metadata.version == 4


def test_a_clean_up_needs_the_recording(user: str, edit: StoredPaperEdit, asset: Asset, talk: Talk) -> None:
    silences = CleanUp(remove=("silences",))
    with pytest.raises(NotAnalyzed):
        cleaned(edit, silences)
    keep_profile(asset, talk.media.path, talk.media.info)
    assert len(cleaned(edit, silences).cuts) == 4
    asset.reference.update({"state": "uploading"})
    with pytest.raises(Conflict, match="has not arrived"):
        cleaned(edit, silences)


def test_corrected_words_come_into_the_edit(user: str, edit: StoredPaperEdit, talk: Talk) -> None:
    change_paper_edit(user, "edit", deletes(1))
    assert follow_transcript(user, "edit").version == 2
    segment = talk.transcript.segments[0]
    words = (segment.words[0].model_copy(update={"word": "Well,"}), *segment.words[1:])
    corrected = talk.transcript.model_copy(
        update={"segments": (segment.model_copy(update={"words": words}), *talk.transcript.segments[1:])}
    )
    save_transcript(user, "talk", corrected, transcript_id=edit.transcript_id)
    followed = follow_transcript(user, "edit")
    assert (followed.transcript_version, followed.version) == (2, 3)
    assert followed.edit.text.startswith("Well, w2 w3")
