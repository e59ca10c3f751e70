"""A clip in other lengths: at most as long as asked, around the same moment, between words; what has no room is told."""

import pytest

from shared.analysis import analyze_text
from shared.clips import Clip, ClipSelector, Selection, default_weights
from shared.clips.lengths import in_lengths
from shared.prompts import as_request
from tests.shared.clips.talks import TALK, talk

TRANSCRIPT = talk()
REQUEST = as_request("funny").model_copy(update={"duration": (12.0, 25.0)})


@pytest.fixture(scope="module")
def clip() -> Clip:
    """The best clip of the talk."""
    return ClipSelector("embedded").analyze_transcript(TRANSCRIPT, REQUEST).clips[0]


def vary(clip: Clip, *lengths: float) -> Selection:
    text = analyze_text(TRANSCRIPT)
    return in_lengths(clip, lengths, REQUEST, TRANSCRIPT, text, None, default_weights("funny"))


@pytest.mark.parametrize("length", [8.0, 15.0, 40.0, 60.0])
def test_any_length_is_made_of_the_moment_without_cutting_a_word(clip: Clip, length: float) -> None:
    [made] = vary(clip, length).clips
    assert 0.8 * length <= made.duration <= length or length < clip.duration >= made.duration
    assert made.duration <= length
    assert made.variant_of is not None
    assert (made.variant_of.clip, made.variant_of.target) == (clip.id, length)
    for segment in made.segments:
        assert not any(word.start < at < word.end for word in TRANSCRIPT.words for at in (segment.start, segment.end))
    if length > clip.duration:
        assert made.start <= clip.start and clip.end <= made.end + 0.5


def test_lengths_that_a_clip_told_of_are_the_variants_that_it_told_of(clip: Clip) -> None:
    told = {variant.target: variant.segments for variant in clip.variants}
    for made in vary(clip, 15.0, 60.0).clips:
        assert made.variant_of is not None
        assert made.segments == told[made.variant_of.target]


def test_a_length_without_room_and_the_clips_own_are_told_and_not_made(clip: Clip) -> None:
    found = vary(clip, 600.0, float(round(clip.duration + 0.5)))
    assert found.clips == ()
    assert [note.partition(",")[0].partition(" for")[0] for note in found.notes] == [
        f"The clip is {clip.duration:g} s long itself: there is nothing to make in {round(clip.duration + 0.5)} s.",
        "The recording has no room",
    ]


def test_a_transcript_in_which_nothing_is_said_any_more_has_no_room(clip: Clip) -> None:
    empty = talk(TALK[:1]).model_copy(update={"segments": ()})
    bare = clip.model_copy(update={"variants": ()})
    found = in_lengths(bare, [15.0], REQUEST, empty, analyze_text(empty), None, default_weights("funny"))
    assert found.clips == ()
    assert "no room for 15 s" in found.notes[0]
