"""Who talks when, and who is looked at: from known turns, through good and bad microphones."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.clips.multitrack.levels import STEPS, on_film, voice_levels
from shared.clips.multitrack.talking import who_talks
from shared.clips.multitrack.turns import Turn, find_turns
from shared.media.syncing import Sync
from tests.shared.clips.multitrack.conversations import SECONDS, SPANS, conversation
from tests.shared.media.syncing.voices import Samples, in_a_room, noisy

CUTS = [8.5, 14.0, 20.5, 30.0]
"""When the floor changes hands."""


@pytest.fixture(scope="module")
def voices() -> tuple[Samples, Samples]:
    return conversation()


def talking(*sounds: Samples) -> list[NDArray[np.bool_]]:
    return who_talks([on_film(voice_levels(sound), Sync(), Fraction(int(SECONDS))) for sound in sounds])


def microphones(kind: str, ann: Samples, bob: Samples) -> tuple[Samples, Samples]:
    """What their microphones hear."""
    match kind:
        case "clean":
            return ann, bob
        case "noisy":
            return noisy(ann, 15), noisy(bob, 15, 5)
        case "quiet and bleeding":
            return noisy(ann + 0.12 * bob, 40), noisy(0.3 * (bob + 0.12 * ann), 30, 5)
        case _:
            late = 400
            return (
                noisy(ann + 0.15 * in_a_room(np.roll(bob, late)), 30),
                noisy(bob + 0.15 * in_a_room(np.roll(ann, late)), 30, 5),
            )


@pytest.mark.parametrize("kind", ["clean", "noisy", "quiet and bleeding", "echoing"])
def test_the_floor_changes_hands_when_it_does(voices: tuple[Samples, Samples], kind: str) -> None:
    turns = find_turns(talking(*microphones(kind, *voices)))
    assert [turn.speakers for turn in turns] == [(0,), (1,), (0,), (1,), (0,)], "and not for a word of assent"
    assert [turn.start for turn in turns[1:]] == pytest.approx([cut - 0.15 for cut in CUTS], abs=0.25)
    assert turns[0].start == 0
    assert turns[-1].end == SECONDS


def test_talk_is_measured(voices: tuple[Samples, Samples]) -> None:
    ann, bob = (each.sum() / STEPS for each in talking(*microphones("noisy", *voices)))
    assert ann == pytest.approx(sum(end - start for start, end in SPANS["ann"]), abs=1)
    assert bob == pytest.approx(sum(end - start for start, end in SPANS["bob"]), abs=1.5)


def test_one_who_only_listens_says_nothing(voices: tuple[Samples, Samples]) -> None:
    ann, _ = voices
    for listener in (noisy(0.1 * ann, 30), noisy(np.full_like(ann, 1e-9) + 1e-3, 0)):
        first, second = talking(ann, listener)
        assert first.sum() / STEPS > 20
        assert not second.any()


def test_those_who_talk_at_once_for_long_are_seen_together() -> None:
    one, two = np.zeros(30 * STEPS, bool), np.zeros(30 * STEPS, bool)
    one[0 : 20 * STEPS] = True
    two[10 * STEPS :] = True
    turns = find_turns([one, two])
    assert [turn.speakers for turn in turns] == [(0,), (0, 1), (1,)]
    assert [turn.start for turn in turns] == pytest.approx([0, 9.85, 19.85])


def test_one_who_interrupts_has_the_floor_when_the_other_gives_way() -> None:
    one, two = np.zeros(20 * STEPS, bool), np.zeros(20 * STEPS, bool)
    one[0 : 10 * STEPS] = True
    two[9 * STEPS :] = True
    assert [(turn.speakers, turn.start) for turn in find_turns([one, two])] == [((0,), 0), ((1,), pytest.approx(9.85))]


def test_no_picture_is_shorter_than_asked_whatever_is_said() -> None:
    chance = np.random.default_rng(3)
    for shortest in (1.0, 3.0):
        flags = [np.repeat(chance.random(60) < 0.5, STEPS) for _ in range(3)]
        turns = find_turns(flags, shortest=shortest)
        assert all(turn.end - turn.start >= shortest - 0.2 for turn in turns)
        assert all(before.end == after.start for before, after in pairwise(turns))
        assert all(before.speakers != after.speakers for before, after in pairwise(turns))


def test_before_anybody_talks_the_first_who_will_is_seen_and_silence_has_no_turns_but_one() -> None:
    one = np.zeros(10 * STEPS, bool)
    one[5 * STEPS :] = True
    assert find_turns([one]) == [Turn(0, 10, (0,))]
    assert find_turns([np.zeros(10 * STEPS, bool)]) == [Turn(0, 10, ())]
    assert find_turns([]) == []
