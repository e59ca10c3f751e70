"""Tone: levels by frequency, pitch, sides, rooms and noise."""

import numpy as np
import pytest

from tests.shared.media.effects.footage import RATE, decibels, heard, level_at, tones, wave

LOW, MIDDLE, HIGH = 60, 1000, 10_000
THREE = tones(LOW, MIDDLE, HIGH, level=0.1)


def gains(name: str, params: dict[str, object]) -> list[float]:
    """By how many dB an effect makes 60 Hz, 1 kHz and 10 kHz louder."""
    before, after = heard(None, of=THREE), heard(name, params, THREE)
    return [decibels(level_at(after, tone), level_at(before, tone)) for tone in (LOW, MIDDLE, HIGH)]


def test_cutoffs_fall_by_12_db_an_octave_and_twice_that_with_twice_the_slope() -> None:
    low, middle, high = gains("highpass", {"frequency": 240})
    assert low == pytest.approx(-24, abs=1.5)
    assert (middle, high) == pytest.approx((0, 0), abs=0.5)
    assert gains("highpass", {"frequency": 240, "slope": 2})[0] == pytest.approx(-48, abs=3)
    low, middle, high = gains("lowpass", {"frequency": 2500})
    assert high < -22
    assert (low, middle) == pytest.approx((0, 0), abs=0.5)


def test_an_equalizer_lifts_and_lowers_the_bands_it_is_given() -> None:
    bands = [{"frequency": MIDDLE, "gain": 6}, {"frequency": HIGH, "gain": -9}]
    assert gains("equalizer", {"bands": bands}) == pytest.approx([0, 6, -9], abs=0.4)


def test_a_de_esser_softens_sibilants_and_leaves_the_voice() -> None:
    def kept(frequency: int) -> float:
        before, after = (heard(name, {"amount": 1}, tones(frequency, level=0.4)) for name in (None, "de_ess"))
        return decibels(float(after[RATE // 2 :].std()), float(before[RATE // 2 :].std()))

    assert kept(9000) < -2
    assert kept(300) == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize("semitones", [12, -12, 7])
def test_pitch_moves_the_tone_and_not_the_time(semitones: int) -> None:
    shifted = heard("pitch", {"semitones": semitones}, tones(440))
    spectrum = np.abs(np.fft.rfft(shifted[RATE // 4 : 3 * RATE // 4, 0]))
    assert spectrum.argmax() * 2 == pytest.approx(440 * 2 ** (semitones / 12), abs=4)


def test_width_0_is_mono_and_2_doubles_the_sides() -> None:
    sides = f"aevalsrc='0.4*sin(2*PI*440*t)|0.1*sin(2*PI*440*t)':s={RATE}:d=1"
    mono, same, wide = (heard("stereo_width", {"width": width}, sides) for width in (0, 1, 2))
    assert mono[:, 0] == pytest.approx(mono[:, 1], abs=1e-6)
    assert same == pytest.approx(heard(None, of=sides), abs=1e-6)
    assert wide[:, 0] - wide[:, 1] == pytest.approx(2 * (same[:, 0] - same[:, 1]), abs=1e-5)
    assert wide.sum(axis=1) == pytest.approx(same.sum(axis=1), abs=1e-5)


CLICK = wave("0.5*between(t,0.1,0.101)")


def test_an_echo_comes_back_when_and_as_loud_as_it_says() -> None:
    samples = heard("echo", {"delay": 200, "decay": 0.5, "repeats": 3}, CLICK)[:, 0]
    for turn, level in enumerate((0.5, 0.25, 0.125, 0.0625)):
        start = int((0.1 + 0.2 * turn) * RATE) + 10
        assert samples[start : start + 30] == pytest.approx(level, abs=0.01)
    assert np.abs(samples[int(0.2 * RATE) : int(0.29 * RATE)]).max() < 0.001


def test_a_room_goes_on_sounding_and_fades_the_larger_the_longer() -> None:
    small, large = (heard("reverb", {"size": size, "mix": 0.5}, CLICK)[:, 0] for size in (0.1, 1))
    early, late = slice(int(0.12 * RATE), int(0.3 * RATE)), slice(int(0.6 * RATE), RATE)
    assert small[early].std() > 10 * small[late].std()
    assert large[late].std() > 3 * small[late].std()
    assert heard("reverb", {"mix": 0}, CLICK) == pytest.approx(heard(None, of=CLICK), abs=1e-6)


def test_noise_is_reduced_and_the_tone_is_kept_in_time() -> None:
    noisy = wave("0.25*sin(2*PI*1000*t)+0.006*(random(0)-0.5)")
    before, after = heard(None, of=noisy), heard("noise_reduction", {"reduction": 30, "floor": -50}, noisy)
    tone = level_at(before, 1000)
    assert level_at(after, 1000) == pytest.approx(tone, rel=0.05)

    def noise(samples: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(samples[RATE // 4 : 3 * RATE // 4, 0]))
        return float(spectrum[3000:].mean())

    assert decibels(noise(after), noise(before)) < -6
