"""Levels: gain, fades to the sample, and dynamics in decibels."""

import numpy as np
import pytest

from tests.shared.media.effects.footage import RATE, decibels, heard, level_at, tones, wave


def gain(name: str, params: dict[str, object], level: float) -> float:
    """By how many dB an effect makes a sine of 440 Hz of this amplitude louder, once it has settled."""
    of = tones(440, level=level)
    return decibels(level_at(heard(name, params, of), 440, 0.6, 0.9), level_at(heard(None, of=of), 440, 0.6, 0.9))


def test_volume_is_a_factor_and_gain_is_in_decibels() -> None:
    assert gain("volume", {"volume": 0.5}, 0.25) == pytest.approx(-6.02, abs=0.02)
    assert gain("gain_db", {"gain": 6}, 0.25) == pytest.approx(6, abs=0.02)
    assert np.abs(heard("volume", {"volume": 0})).max() == 0


def test_sound_louder_than_full_scale_is_kept_for_what_comes_after() -> None:
    assert np.abs(heard("gain_db", {"gain": 20}, tones(440, level=0.5))).max() == pytest.approx(5, abs=0.05)


def test_fades_are_exact_to_the_sample() -> None:
    faded = heard("fade", {"fadeIn": 0.25, "fadeOut": 0.5}, wave("0.5"))[:, 0]
    assert faded[0] == 0
    assert faded[12_000 // 2] == pytest.approx(0.25, abs=0.001)
    assert faded[12_000:24_000] == pytest.approx(0.5, abs=0.001)
    assert faded[36_000] == pytest.approx(0.25, abs=0.001)
    assert faded[-1] == pytest.approx(0, abs=0.001)


def test_a_compressor_lets_a_quarter_of_what_is_over_the_threshold_through() -> None:
    params = {"threshold": -30, "ratio": 4, "knee": 0}
    assert gain("compressor", params, 0.01) == pytest.approx(0, abs=0.3)
    # The peak is 24 dB over the threshold and the RMS 21 dB: a quarter of that remains.
    assert -18 < gain("compressor", params, 0.5) < -15.7
    assert gain("compressor", {**params, "makeup": 6}, 0.01) == pytest.approx(6, abs=0.3)


def test_a_gate_turns_quiet_down_and_leaves_loud() -> None:
    assert gain("gate", {"threshold": -40, "ratio": 10}, 0.001) < -15
    assert gain("gate", {"threshold": -40}, 0.25) == pytest.approx(0, abs=0.3)


def test_nothing_goes_over_the_ceiling_and_quiet_is_left_alone() -> None:
    loud = heard("limiter", {"ceiling": -6}, tones(440, level=0.9))
    assert np.abs(loud).max() <= 10 ** (-6 / 20) + 1e-3
    assert gain("limiter", {"ceiling": -6}, 0.1) == pytest.approx(0, abs=0.05)


def test_normalize_brings_quiet_and_loud_parts_together() -> None:
    uneven = wave("sin(2*PI*440*t)*(0.02+0.48*gte(t,3))", seconds=6)
    evened = heard("normalize", {"window": 1, "maxGain": 40}, uneven, seconds=6)
    quiet, loud = np.abs(evened[: 2 * RATE]).max(), np.abs(evened[-2 * RATE :]).max()
    assert decibels(loud, quiet) < 10
    assert loud <= 10 ** (-1 / 20) + 0.01
