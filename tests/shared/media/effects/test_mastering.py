"""Chains for whole programmes: what they do to tone and dynamics, and what they leave to the mix."""

import numpy as np
import pytest

from shared.media.effects import describe_effects
from tests.shared.media.effects.footage import decibels, heard, level_at, tones, wave

LOUDNESS = {"podcast_enhancement": "-16 LUFS", "rock_mastering": "-9 LUFS", "edm_mastering": "-7 LUFS"}
UNEVEN = wave("sin(2*PI*1000*t)*(0.05+0.45*gte(t,0.5))")


@pytest.mark.parametrize("name", LOUDNESS)
def test_quiet_and_loud_come_closer_and_nothing_clips(name: str) -> None:
    before, after = heard(None, of=UNEVEN), heard(name, of=UNEVEN)
    span = [decibels(level_at(x, 1000, 0.8, 0.95), level_at(x, 1000, 0.3, 0.45)) for x in (before, after)]
    assert span[1] < span[0] - 4
    assert np.abs(after).max() <= 1


@pytest.mark.parametrize("name", LOUDNESS)
def test_the_loudness_it_is_meant_for_is_told_and_is_the_mixes(name: str) -> None:
    [kind] = [kind for kind in describe_effects() if kind.name == name]
    assert LOUDNESS[name] in kind.description
    assert "mix" in kind.description


def test_a_podcast_has_no_rumble_and_no_room_between_the_words() -> None:
    rumble = tones(40, 1000, level=0.1)
    before, after = heard(None, of=rumble), heard("podcast_enhancement", of=rumble)
    voice, low = (decibels(level_at(after, tone), level_at(before, tone)) for tone in (1000, 40))
    assert low < voice - 10
    hiss = tones(1000, level=0.001)
    quieter = decibels(level_at(heard("podcast_enhancement", of=hiss), 1000), level_at(heard(None, of=hiss), 1000))
    assert quieter < 0, "the gate closes below -50 dB, make-up gain and all"


def test_masters_lift_bass_and_air_over_the_middle() -> None:
    bands = tones(55, 350, 12_000, level=0.02)
    before = heard(None, of=bands)
    for name in ("rock_mastering", "edm_mastering"):
        after = heard(name, of=bands)
        bass, middle, air = (decibels(level_at(after, tone), level_at(before, tone)) for tone in (55, 350, 12_000))
        assert bass > middle + 1
        assert air > middle + 1
