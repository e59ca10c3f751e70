import numpy as np
import pytest

from shared.analysis.sound.curves import energy_curve, find_silences, pitch_curve, silence_threshold
from tests.shared.analysis.sound.hearing import measured
from tests.shared.analysis.sounds import Sound, quiet, speech, tone, voiced


def silences(sound: Sound) -> list[tuple[float, float]]:
    measures = measured(sound)
    return [(span.start, span.end) for span in find_silences(measures, silence_threshold(measures))]


def near(*spans: tuple[float, float]) -> list[object]:
    return [pytest.approx(span, abs=0.045) for span in spans]


def test_silences_are_where_the_room_is_heard_and_nothing_else() -> None:
    sound = np.concatenate([quiet(1), tone(1), quiet(0.5), tone(1), quiet(0.2), tone(0.5)])
    assert silences(sound) == near((0, 1), (2, 2.5))


def test_a_click_does_not_end_a_silence() -> None:
    sound = np.concatenate([tone(1), quiet(0.5), tone(0.04), quiet(0.5), tone(1)])
    assert silences(sound) == near((1, 2.04))


def test_a_noisy_room_is_as_silent_as_a_quiet_one() -> None:
    sound = np.concatenate([quiet(1, -38), tone(1) + quiet(1, -38), quiet(1, -38)])
    assert silences(sound) == near((0, 1), (2, 3))


def test_music_without_pauses_has_no_silence_and_a_muted_recording_nothing_else() -> None:
    assert silences(tone(3)) == []
    assert silences(quiet(2, -200)) == near((0, 2))


def test_energy_runs_from_the_quiet_of_the_recording_to_its_loudest() -> None:
    curve = energy_curve(measured(np.concatenate([quiet(1, -50), 0.3 * tone(1), tone(1)])))
    low, middle, high = (curve.mean(second + 0.1, second + 0.9) or 0.0 for second in range(3))
    assert low < 0.1 < 0.5 < middle < 0.95 < high
    assert len(curve.values) == 30


def test_pitch_is_null_where_nobody_speaks() -> None:
    measures = measured(np.concatenate([quiet(0.5), 3 * voiced(0.5, 200), quiet(0.5)]))
    curve = pitch_curve(measures, silence_threshold(measures))
    assert curve.mean(0.6, 0.9) == pytest.approx(200, rel=0.02)
    assert [curve.at(moment) for moment in (0.1, 0.3, 1.2, 1.4)] == [None] * 4


def test_a_higher_voice_has_a_higher_curve() -> None:
    def middle(pitch: float) -> float:
        measures = measured(speech(4, pitch))
        return pitch_curve(measures, silence_threshold(measures)).mean(0, 4) or 0.0

    assert middle(120) < 160 < middle(220)
