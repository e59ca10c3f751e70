"""A clip as a komposition: what it shows, what it says, and that an edit of it keeps both together."""

from fractions import Fraction

import pytest

from shared.clips import Clip, ClipLook, ClipScores, ClipSegment
from shared.clips.composing import RECORDING, Recording, compose
from shared.kompositions.model import CaptionLook
from shared.kompositions.timing import plan_timeline
from shared.media import MediaInfo, StreamInfo
from shared.transcripts import Segment, Transcript, Word

SCORES = ClipScores(hook=5, engagement=5, value=5, shareability=5, overall=50)


def said(*words: tuple[str, float, float]) -> Segment:
    spoken = tuple(Word(word=word, start=start, end=end) for word, start, end in words)
    return Segment(start=words[0][1], end=words[-1][2], text=" ".join(word for word, _, _ in words), words=spoken)


TRANSCRIPT = Transcript(
    language="en",
    segments=(
        said(("Before.", 1.0, 1.5)),
        said(
            ("One", 10.0, 10.3), ("two", 10.4, 10.8), ("left", 11.0, 11.4), ("out", 11.5, 11.9), ("three.", 20.0, 20.5)
        ),
        said(("After.", 30.0, 30.5)),
    ),
)


def recording(width: int = 1920, height: int = 1080, rate: Fraction | None = Fraction(25)) -> Recording:
    video = StreamInfo(index=0, kind="video", codec="h264", width=width, height=height, frame_rate=rate)
    sound = StreamInfo(index=1, kind="audio", codec="aac", sample_rate=48000, channels=1)
    streams = (video, sound) if rate else (sound,)
    info = MediaInfo(container="mov", exact_duration=Fraction(60), size=1, streams=streams)
    return Recording(info, TRANSCRIPT, "asset-1")


def clip(*segments: tuple[float, float]) -> Clip:
    return Clip(
        id="c",
        title="A title",
        reason="A reason.",
        scores=SCORES,
        segments=tuple(ClipSegment(start=start, end=end) for start, end in segments),
        transcript="One two three.",
    )


def test_segments_follow_each_other_and_show_what_was_selected() -> None:
    made = compose(clip((9.9, 10.9), (19.8, 20.7)), recording(), ClipLook())
    [track] = made.tracks.video
    shown = [(s.start.value, s.end.value, s.source_start.value) for s in track.segments]
    assert shown == [
        (0, 1, Fraction("9.9")),
        (1, Fraction("1.9"), Fraction("19.8")),
    ]
    assert float(plan_timeline(made).duration) == pytest.approx(1.9, abs=0.04)
    assert (made.title, made.description) == ("A title", "A reason.")
    assert [(source.id, source.asset_id) for source in made.sources] == [(RECORDING, "asset-1")]


def test_captions_are_of_the_words_in_the_clip_in_the_recordings_times() -> None:
    made = compose(clip((9.9, 10.9), (19.8, 20.7)), recording(), ClipLook())
    [captions] = made.tracks.caption
    assert captions.source_id == RECORDING
    assert captions.transcript is not None
    [cue] = captions.transcript.segments
    assert [(word.word, word.start) for word in cue.words] == [("One", 10.0), ("two", 10.4), ("three.", 20.0)]


@pytest.mark.parametrize(
    ("aspect", "size"), [("9:16", (1080, 1920)), ("1:1", (1080, 1080)), ("4:5", (1080, 1350)), ("16:9", (1920, 1080))]
)
def test_frames_have_the_shape_that_was_asked_for(aspect: str, size: tuple[int, int]) -> None:
    made = compose(clip((9.9, 10.9)), recording(), ClipLook.model_validate({"aspect": aspect}))
    assert (made.output.width, made.output.height) == size


@pytest.mark.parametrize(
    ("rate", "fps"), [(Fraction(25), 25), (Fraction(30000, 1001), 29.97), (Fraction(120), 60), (None, 30)]
)
def test_frames_come_as_fast_as_in_the_recording_up_to_sixty_a_second(rate: Fraction | None, fps: float) -> None:
    made = compose(clip((9.9, 10.9)), recording(rate=rate), ClipLook())
    assert made.output.fps == pytest.approx(fps, abs=0.001)


def test_of_a_recording_without_a_picture_there_is_the_sound_with_its_captions() -> None:
    made = compose(clip((9.9, 10.9), (19.8, 20.7)), recording(rate=None), ClipLook())
    assert [source.kind for source in made.sources] == ["audio"]
    assert made.tracks.video == []
    assert [(each.start.value, each.source_start.value) for each in made.tracks.audio[0].clips] == [
        (0, Fraction("9.9")),
        (1, Fraction("19.8")),
    ]
    assert made.tracks.caption[0].source_id == RECORDING
    assert float(plan_timeline(made).duration) == pytest.approx(1.9, abs=0.04)


def test_a_look_decides_on_captions_title_and_loudness() -> None:
    plain = compose(clip((9.9, 10.9)), recording(), ClipLook(captions=None, loudness=-16))
    assert (plain.tracks.caption, plain.tracks.overlay, plain.mix.loudness) == ([], [], -16)
    styled = compose(clip((9.9, 10.9)), recording(), ClipLook(captions=CaptionLook(style="boxed"), title=True))
    assert styled.tracks.caption[0].style == "boxed"
    [title] = styled.tracks.overlay[0].items
    assert title.kind == "text"
    assert title.text == "A title"
