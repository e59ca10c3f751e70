"""Round trips: a komposition made from a paper says what the paper says, and the paper takes over what is done to it."""

from typing import Any

import pytest
from hypothesis import given, settings

from shared.kompositions import Komposition, parse_komposition
from shared.paper_editing import PaperEdit, follow, rebase, to_komposition, update_komposition
from tests.shared.paper_editing.talk import Talk
from tests.shared.paper_editing.test_edit import EDIT, steps, taken_all, talk_info


def changed(komposition: Komposition, change: Any) -> Komposition:
    """The komposition after something was done to the segments of its track."""
    document = komposition.to_json()
    track = document["tracks"]["video"][0]
    track["segments"] = change(track["segments"])
    at = 0
    for segment in track["segments"]:
        length = segment["end"]["frames"] - segment["start"]["frames"]
        segment["start"], segment["end"] = {"frames": at}, {"frames": at + length}
        at += length
    return parse_komposition(document)


@settings(deadline=None)
@given(steps)
def test_a_komposition_says_what_its_paper_says(taken_steps: list[tuple[Any, ...]]) -> None:
    edit = taken_all(taken_steps)
    if edit.page.kept:
        assert follow(edit, to_komposition(edit, "asset", talk_info())) == edit


@settings(deadline=None)
@given(steps, steps)
def test_any_paper_of_a_recording_can_follow_any_film_of_it(
    ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]
) -> None:
    edit, other = taken_all(ours), taken_all(theirs)
    if other.page.kept:
        followed = follow(edit, to_komposition(other, "asset", talk_info()))
        assert followed.text == other.text
        assert [operation.reason.kind for operation in followed.operations[len(edit.operations) :]] in (
            [],
            ["timeline"] * (len(followed.operations) - len(edit.operations)),
        )


def test_what_is_done_on_the_timeline_is_one_step_of_the_paper(talk: Talk) -> None:
    edit = talk.edit.delete(1).delete(8)
    komposition = to_komposition(edit, "asset", talk.media.info, talk.profile)
    turned = changed(komposition, lambda segments: [segments[2], segments[0]])
    followed = follow(edit, turned)
    assert followed.text == "w9 w10 w11 w0"
    assert followed.undo().text == edit.text


def test_a_pause_cut_out_on_the_timeline_is_cut_out_of_the_paper() -> None:
    film = to_komposition(EDIT.tighten(2.905, 2.995), "asset", talk_info())
    (cut,) = follow(EDIT, film).cuts
    assert (cut.start, cut.end) == (pytest.approx(2.905, abs=0.02), pytest.approx(2.995, abs=0.02))
    assert cut.reason.kind == "timeline"


def test_an_updated_komposition_keeps_what_the_user_added(talk: Talk) -> None:
    edit = talk.edit.delete(4)
    made = to_komposition(edit, "asset", talk.media.info, talk.profile, captions={"style": "karaoke"}).to_json()
    video, (captions,) = made["tracks"]["video"][0], made["tracks"]["caption"]
    video["segments"][1]["effects"] = [{"type": "vignette", "params": {}}]
    video["transitions"] = [
        {"type": "crossfade", "fromSegment": "word-0", "toSegment": "word-5", "duration": {"frames": 2}}
    ]
    captions["style"] = "pop"
    made["sources"].append({"id": "song", "kind": "audio", "assetId": "song"})
    made["tracks"]["audio"].append({"id": "music", "clips": [{"id": "song", "sourceId": "song"}]})
    made["mix"] = {"loudness": -14}
    worked_on = parse_komposition(made)
    again = to_komposition(edit.delete(10), "asset", talk.media.info, talk.profile, captions={})
    after = update_komposition(worked_on, again)
    assert [segment.id for segment in after.tracks.video[0].segments] == ["word-0", "word-5", "word-11"]
    assert after.tracks.video[0].segments[1].effects[0].type == "vignette"
    assert after.tracks.video[0].transitions[0].to_segment == "word-5"
    assert after.tracks.caption[0].style == "pop"
    assert "w10" not in str(after.tracks.caption[0].transcript)
    assert [track.id for track in after.tracks.audio][-1] == "music"
    assert after.mix.loudness == -14
    gone = update_komposition(after, to_komposition(edit.delete(5, 11), "asset", talk.media.info, captions={}))
    assert gone.tracks.video[0].transitions == []


def test_an_edit_goes_over_to_a_transcript_whose_words_were_corrected() -> None:
    words = list(EDIT.words)
    joined = words[2].model_copy(update={"word": "w2w3", "end": words[3].end})
    halves = [
        words[5].model_copy(update={"word": "w5a", "end": 5.4}),
        words[5].model_copy(update={"word": "w5b", "start": 5.4}),
    ]
    corrected = [*words[:2], joined, words[4], *halves, *words[6:]]
    segment = EDIT.transcript.segments[0].model_copy(update={"words": tuple(corrected)})
    transcript = EDIT.transcript.model_copy(update={"segments": (segment,)})
    edit = EDIT.delete(3).delete(5).move(7, 7, 0).undo(1)
    rebased = rebase(edit, transcript)
    assert rebased.text == "w7 w0 w1 w2w3 w4 w6"
    assert rebased.redo(1).text == "w7 w0 w1 w4 w6"
    assert [operation.id for operation in rebased.operations] == [1, 2, 3]


def test_an_edit_of_the_same_transcript_is_the_same(talk: Talk) -> None:
    edit: PaperEdit = talk.edit.delete(1).move(3, 4, 9).tighten(2.6, 2.9)
    assert rebase(edit, talk.transcript) == edit
