"""Where a recording is in another is told to 10 milliseconds, its clock's drift is told, and strangers are not matched."""

from fractions import Fraction

import numpy as np
import pytest

from shared.media.syncing import RATE, Sync, align
from tests.shared.media.syncing.voices import Samples, in_a_room, noisy, recorded, voice

EXACT = 0.010
"""Seconds: what is promised."""


@pytest.fixture(scope="module")
def talk() -> Samples:
    return voice(70, 1)


@pytest.fixture(scope="module")
def other() -> Samples:
    return voice(70, 2, pitch=210)


def off(sync: Sync, offset: float, drift: float, seconds: float) -> float:
    """The most by which a moment of the recording is misplaced, seconds."""
    assert sync.found
    errors = (
        abs(float(sync.reference(Fraction(at))) - (offset + at * (1 + drift / 1e6))) for at in (0, seconds / 2, seconds)
    )
    return max(errors)


@pytest.mark.parametrize("offset", [0.0, 12.3456, -7.0])
def test_a_recording_that_starts_later_or_earlier_is_placed(talk: Samples, offset: float) -> None:
    assert off(align(talk, recorded(talk, offset=offset, seconds=40)), offset, 0, 40) < 0.001


@pytest.mark.parametrize("drift", [50, 100, 200, -200])
def test_a_clock_that_drifts_is_followed_to_the_end(talk: Samples, drift: int) -> None:
    sync = align(talk, recorded(talk, offset=3.21, drift=drift, seconds=60))
    assert off(sync, 3.21, drift, 60) < 0.001
    assert float(sync.drift) == pytest.approx(drift, abs=8)


def test_a_clock_that_keeps_time_is_said_to_have_no_drift_at_all(talk: Samples) -> None:
    assert align(talk, noisy(recorded(talk, offset=1.5, seconds=50), 10)).drift == 0


@pytest.mark.parametrize("decibels", [10, 0])
def test_noise_does_not_matter(talk: Samples, decibels: float) -> None:
    heard = noisy(recorded(talk, offset=5, drift=100, seconds=50), decibels)
    assert off(align(noisy(talk, 10, 5), heard), 5, 100, 50) < EXACT


def test_echo_does_not_matter(talk: Samples) -> None:
    heard = in_a_room(recorded(talk, offset=5, drift=-100, seconds=50))
    assert off(align(talk, heard), 5, -100, 50) < EXACT


def test_one_of_two_who_talk_at_once_is_found_in_the_mix_of_both(talk: Samples, other: Samples) -> None:
    mix = noisy(in_a_room(talk + other), 15)
    for one in (talk, other):
        assert off(align(mix, recorded(one, offset=6, drift=60, seconds=50)), 6, 60, 50) < EXACT


def test_a_few_seconds_are_enough(talk: Samples) -> None:
    assert off(align(talk, recorded(talk, offset=31, seconds=4)), 31, 0, 4) < EXACT


def test_what_has_nothing_in_common_is_not_found(talk: Samples, other: Samples) -> None:
    silence, hiss = np.zeros(20 * RATE, np.float32), noisy(np.full(20 * RATE, 1e-9, np.float32) + 0.1, 0)
    for stranger in (other, voice(15, 77), silence, hiss, other[:100], other[:0]):
        assert align(talk, stranger) == Sync()
        assert align(stranger, talk) == Sync()


def test_what_is_alike_everywhere_is_said_to_be_nowhere(talk: Samples) -> None:
    at = np.arange(40 * RATE) / RATE
    low, high = (np.sin(2 * np.pi * pitch * at).astype(np.float32) / 5 for pitch in (440, 700))
    loop, steady = np.tile(talk[: 2 * RATE], 20), np.full(40 * RATE, 0.3, np.float32)
    for sound in (low, loop, steady):
        assert align(sound, sound[5 * RATE :]) == Sync()
    assert align(low, high) == Sync()


def test_a_chain_of_clocks_is_one_clock() -> None:
    first = Sync(Fraction(10), Fraction(100), 0.9)
    second = Sync(Fraction(-3), Fraction(-40), 0.5)
    chained = second.after(first)
    for moment in (Fraction(0), Fraction(1000), Fraction(7, 3)):
        assert chained.reference(moment) == first.reference(second.reference(moment))
        assert chained.own(chained.reference(moment)) == moment
    assert chained.confidence == 0.5
