"""A transcript that is longer than its recording."""

from shared.clips.lasting import until_end
from tests.shared.clips.talks import DOG, talk

TRANSCRIPT = talk([DOG])


def test_what_is_said_after_the_end_of_the_recording_is_left_out_and_a_word_at_its_end_ends_with_it() -> None:
    third = TRANSCRIPT.segments[2]
    last = third.words[4]
    end = (last.start + last.end) / 2
    left = until_end(TRANSCRIPT, end)
    assert left.segments[:2] == TRANSCRIPT.segments[:2]
    assert left.segments[2].text == " ".join(word.word for word in third.words[:5])
    assert (len(left.segments), left.segments[2].end, left.segments[2].words[-1].end) == (3, end, end)
    assert left.duration == end


def test_a_transcript_that_ends_with_its_recording_stays_as_it_is() -> None:
    assert until_end(TRANSCRIPT, TRANSCRIPT.duration or 0.0) is TRANSCRIPT


def test_of_a_recording_in_which_nothing_of_it_is_said_nothing_is_left() -> None:
    assert until_end(TRANSCRIPT, 0.1).segments == ()
