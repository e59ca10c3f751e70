"""Tidied clips: without fillers, silences and what was said again; no word that stays is cut, and what went is told."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from shared.analysis import analyze_text
from shared.clips import Clip, ClipScores, ClipSegment, Selection, Tidy
from shared.clips.clip import VariantOf
from shared.clips.composing import Recording
from shared.clips.tidying import tidied
from shared.media import MediaInfo, StreamInfo
from shared.paper_editing import SoundProfile
from shared.transcripts import Segment, Transcript, Word

SAID = "So um we raised our price. So we raised our price by forty percent. And we lost three of our customers."
PAUSE = 14
"""Words before a pause of two seconds."""
SECONDS = 20.0
STEP = 256
STARTS = [n * 0.5 + (3.0 if n >= PAUSE else 1.0) for n in range(len(SAID.split()))]
WORDS = tuple(
    Word(word=word, start=start, end=round(start + 0.4, 3)) for word, start in zip(SAID.split(), STARTS, strict=True)
)
TRANSCRIPT = Transcript(
    language="en",
    duration=SECONDS,
    segments=(Segment(start=WORDS[0].start, end=WORDS[-1].end, text=SAID, words=WORDS),),
)


def recording() -> Recording:
    sound = StreamInfo(index=0, kind="audio", codec="aac", sample_rate=48000, channels=1)
    return Recording(MediaInfo(container="mov", exact_duration=Fraction(20), size=1, streams=(sound,)), TRANSCRIPT)


def heard() -> SoundProfile:
    """Loud where a word is said, silent elsewhere."""
    steps = int(SECONDS * 48_000 / STEP)
    levels = bytearray([255] * steps)
    for word in WORDS:
        for step in range(int(word.start * 48_000 / STEP), int(word.end * 48_000 / STEP)):
            levels[step] = 12
    return SoundProfile(int(SECONDS * 48_000), bytes(levels), bytes(steps), bytes(4 * steps))


def clip(start: float = 0.8, end: float = 14.0, clip_id: str = "c", variant_of: VariantOf | None = None) -> Clip:
    return Clip(
        id=clip_id,
        title="A price",
        reason="It is a story.",
        scores=ClipScores(hook=5, engagement=5, value=5, shareability=5, overall=50),
        segments=(ClipSegment(start=start, end=end),),
        transcript=SAID,
        variant_of=variant_of,
    )


def tidy(*clips: Clip, shortest: float = 3.0, margin: float = 0.2, profile: SoundProfile | None = None) -> list[Clip]:
    selection = Selection(clips=clips, ranker="embedded")
    return list(tidied(selection, recording(), analyze_text(TRANSCRIPT), profile, Tidy(margin=margin), shortest).clips)


def cut_words(segments: Sequence[ClipSegment], text: str) -> list[str]:
    """Words of the text that an end of a segment lies in."""
    kept = text.split()
    return [
        word.word
        for word in WORDS
        for segment in segments
        for at in (segment.start, segment.end)
        if word.word in kept and word.start < at < word.end and word.word != "um"
    ]


def test_fillers_retakes_and_silences_go_each_with_its_reason() -> None:
    [made] = tidy(clip(), profile=heard())
    assert made.transcript == "So we raised our price by forty percent. And we lost three of our customers."
    assert [(cut.reason, cut.detail) for cut in made.cuts] == [
        ("retake", "Said again from word 7 on, 80% alike"),
        ("silence", "1.7 s without a sound"),
        ("silence", "0.4 s without a sound"),
    ]
    assert all(cut.detail and cut.start < cut.end for cut in made.cuts)
    gone = sum(cut.end - cut.start for cut in made.cuts)
    assert made.duration == pytest.approx(clip().duration - gone, abs=0.01)
    assert made.id != "c"


def test_no_word_that_stays_is_cut_and_none_is_shown_twice() -> None:
    [made] = tidy(clip(), profile=heard())
    assert cut_words(made.segments, made.transcript) == []
    assert all(before.end <= after.start for before, after in zip(made.segments, made.segments[1:], strict=False))


@pytest.mark.parametrize("margin", [0.1, 0.3])
def test_of_a_silence_a_margin_is_left_on_both_sides(margin: float) -> None:
    [made] = tidy(clip(), margin=margin, profile=heard())
    before, after = WORDS[PAUSE - 1].end, WORDS[PAUSE].start
    [cut] = [cut for cut in made.cuts if cut.reason == "silence" and before <= cut.start < after]
    assert (cut.start - before, after - cut.end) == pytest.approx((margin, margin), abs=0.05)


def test_without_its_sound_only_words_go() -> None:
    [made] = tidy(clip())
    assert made.cuts and not any(cut.reason == "silence" for cut in made.cuts)


def test_nothing_goes_that_would_make_a_clip_shorter_than_was_asked_for() -> None:
    whole = clip()
    assert tidy(whole, shortest=whole.duration, profile=heard()) == [whole]
    [some] = tidy(whole, shortest=whole.duration - 2.0, profile=heard())
    assert whole.duration - 2.0 <= some.duration < whole.duration


def test_a_variant_goes_on_naming_its_clip_and_keeps_most_of_its_length() -> None:
    variant = clip(clip_id="v", variant_of=VariantOf(clip="c", target=15))
    made, varied = tidy(clip(), variant, profile=heard())
    assert varied.variant_of is not None
    assert varied.variant_of.clip == made.id
    assert varied.duration >= 0.8 * 15


def test_a_clip_in_which_nothing_is_to_go_stays_as_it_is() -> None:
    quiet = clip(WORDS[PAUSE].start - 0.1, WORDS[-1].end + 0.1)
    assert tidy(quiet, profile=heard()) == [quiet]
