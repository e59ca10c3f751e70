"""What is told apart here is synthesised: it shows that the marks do what they say, not how often they are right in a hall."""

import numpy as np
import pytest

from shared.analysis.sound.reactions import find_reactions
from tests.shared.analysis.sound.hearing import measured
from tests.shared.analysis.sounds import Sound, applause, laughter, music, noise, quiet, speech


def scene(seed: int) -> Sound:
    """Somebody speaks, there is a laugh, somebody goes on, people clap."""
    return np.concatenate(
        [
            speech(6, 130, 20 + seed),
            laughter(3, 260, 5, 40 + seed),
            speech(5, 130, 50 + seed),
            applause(4, 40, seed),
            quiet(2),
        ]
    )


@pytest.mark.parametrize("seed", range(3))
def test_laughter_and_applause_are_found_where_they_are(seed: int) -> None:
    laugh, clapping = find_reactions(measured(scene(seed)))
    assert (laugh.kind, clapping.kind) == ("laughter", "applause")
    assert laugh.start == pytest.approx(6, abs=0.6)
    assert laugh.end == pytest.approx(9, abs=0.8)
    assert clapping.start == pytest.approx(14, abs=0.6)
    assert clapping.end == pytest.approx(18, abs=0.6)
    assert 0.3 < laugh.confidence < 0.9, "of a laugh one is never sure"
    assert clapping.confidence > 0.8


@pytest.mark.parametrize(
    "sound",
    [
        speech(30, 120, 77),
        speech(30, 210, 78),
        np.concatenate([quiet(3), music(12), quiet(3)]),
        np.concatenate([quiet(3), noise(5), quiet(3)]),
        np.concatenate([quiet(3), applause(4, people=2), quiet(3)]),
        quiet(5),
        quiet(5, -200),
        quiet(0.5),
    ],
    ids=["a man", "a woman", "music", "a fan", "two hands", "a room", "nothing", "too short"],
)
def test_other_sounds_are_neither(sound: Sound) -> None:
    assert find_reactions(measured(sound)) == ()


def test_a_voice_in_the_rhythm_of_a_laugh_but_as_low_as_ever_is_no_laugh() -> None:
    chant = np.concatenate([speech(20, 130, 5), laughter(3, 130, 5, 6), speech(5, 130, 7)])
    assert find_reactions(measured(chant)) == ()
