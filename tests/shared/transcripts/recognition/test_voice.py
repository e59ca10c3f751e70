"""Speech is found where it is, and long recordings are looked at in parts that make no difference."""

from pathlib import Path

import numpy as np
import pytest
from pytest import approx

from shared.transcripts import TranscriptionCancelled
from shared.transcripts.recognition import voice
from shared.transcripts.recognition.decoding import Sound, decode
from shared.transcripts.recognition.voice import FRAME, MARGIN, PAUSE, speech_curve, speech_spans
from tests.shared.transcripts.conftest import SECONDS, SILENCE


def curve(*parts: tuple[float, int]) -> list[float]:
    return [probability for probability, frames in parts for _ in range(frames)]


def test_spans_have_a_margin_and_a_flicker_does_not_part_them() -> None:
    spans = speech_spans(curve((0.1, 20), (0.9, 20), (0.4, 50), (0.1, 5), (0.9, 20), (0.1, 40)), 155 * FRAME)
    (span,) = spans
    assert (span.start, span.end) == (approx(20 * FRAME - MARGIN), approx(115 * FRAME + MARGIN))


def test_a_knock_is_no_speech_and_a_pause_parts() -> None:
    pause = int(PAUSE / FRAME) + 1
    spans = speech_spans(curve((0.9, 2), (0.1, 30), (0.9, 20), (0.1, pause), (0.9, 20)), (72 + pause) * FRAME)
    assert len(spans) == 2
    assert spans[0].end <= spans[1].start
    assert spans[1].end == approx((72 + pause) * FRAME), "a margin does not reach beyond the sound"


def test_silence_is_found_in_a_recording(recording: Path, tmp_path: Path) -> None:
    sound = decode(recording, tmp_path)
    spans = speech_spans(speech_curve(sound), sound.seconds)
    assert not any(span.start < SILENCE[1] - 0.3 and span.end > SILENCE[0] + 0.6 for span in spans)
    assert 4 < sum(span.seconds for span in spans) < SECONDS - 2


def test_a_recording_that_is_looked_at_in_parts_has_the_same_spans(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = decode(recording, tmp_path)
    whole = speech_spans(speech_curve(sound), sound.seconds)
    monkeypatch.setattr(voice, "_WINDOW", 100)
    parts = speech_spans(speech_curve(sound), sound.seconds)
    assert [(span.start, span.end) for span in parts] == [
        (approx(span.start, abs=0.07), approx(span.end, abs=0.07)) for span in whole
    ]


def test_looking_for_speech_can_be_stopped() -> None:
    with pytest.raises(TranscriptionCancelled):
        speech_curve(Sound(np.zeros(16_000, np.int16), 1.0), should_cancel=lambda: True)
