import numpy as np
import pytest

from tests.shared.analysis.sound.hearing import measured
from tests.shared.analysis.sounds import noise, quiet, speech, tone, voiced


@pytest.mark.parametrize("pitch", [80, 130, 250, 440])
def test_the_pitch_of_a_voice_is_right_to_a_hundredth(pitch: float) -> None:
    measures = measured(voiced(1, pitch))
    assert np.median(measures.pitch) == pytest.approx(pitch, rel=0.01)
    assert np.median(measures.harmony) > 0.8


def test_noise_has_no_pitch_and_is_flat_and_a_tone_is_neither() -> None:
    hiss, sine = measured(noise(1)), measured(tone(1))
    assert np.median(hiss.harmony) < 0.3 < 0.9 < np.median(sine.harmony)
    assert np.median(sine.flatness) < 0.05 < 0.5 < np.median(hiss.flatness)


def test_levels_are_in_decibels_of_full_scale() -> None:
    assert np.median(measured(quiet(1, -40)).level) == pytest.approx(-40, abs=0.5)
    assert np.median(measured(quiet(1, -200)).level) == -100


def test_there_is_a_measure_for_every_hop_however_the_sound_comes() -> None:
    sound = speech(1.25)
    whole = measured(sound, 1 << 30)
    assert len(whole) == 63
    in_odd_pieces = measured(sound, 777)
    assert all(np.array_equal(vars(whole)[name], vars(in_odd_pieces)[name]) for name in vars(whole))


def test_no_sound_is_no_measure() -> None:
    assert len(measured(quiet(0))) == 0
