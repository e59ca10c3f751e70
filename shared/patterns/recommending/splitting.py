"""Splitting: what is learned from, what is held out, and which predictions are made of it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.patterns.recommending.session import Session

HELD_OUT = 0.2
_FEW = 2000
"""Sessions under which each is held out once."""
_MANY = 30_000
"""Sessions that are enough to tune on."""
_PARTS = 5

Split = tuple[Sequence[Session], Sequence[Session]]
"""The sessions to learn from, and those held out."""
Prediction = tuple[tuple[str, ...], str]
"""A prefix, and the item that followed it."""


def split(sessions: Sequence[Session], fraction: float = HELD_OUT, seed: int | None = None) -> Split:
    """Hold out the last `fraction` of the sessions; with a seed, as many that chance picks. At least one where there are two."""
    count = min(max(1, round(len(sessions) * fraction)), len(sessions) - 1) if len(sessions) > 1 else 0
    if seed is None:
        return sessions[: len(sessions) - count], sessions[len(sessions) - count :]
    chosen = set(random.Random(seed).sample(range(len(sessions)), count))  # noqa: S311
    learned = [session for number, session in enumerate(sessions) if number not in chosen]
    return learned, [sessions[number] for number in sorted(chosen)]


def folds(sessions: Sequence[Session]) -> list[Split]:
    """Splits to tune on: every fifth session held out; where sessions are few, each of the five fifths in turn; where they are
    many, the last ones are split."""
    sessions = sessions[-_MANY:]
    total = sum(session.count for session in sessions)
    return [_fold(sessions, part) for part in range(1 if total >= _FEW else min(_PARTS, total))]


def _fold(sessions: Sequence[Session], part: int) -> Split:
    """Sessions that are alike are divided as any others are."""
    learned, held_out, number = [], [], 0
    for session in sessions:
        before = (number + _PARTS - 1 - part) // _PARTS
        number += session.count
        held = (number + _PARTS - 1 - part) // _PARTS - before
        if held:
            held_out.append(replace(session, count=held))
        if session.count > held:
            learned.append(replace(session, count=session.count - held))
    return learned, held_out


def predictions(sessions: Sequence[Session], most: int | None = None) -> list[Prediction]:
    """Every item after the first with its prefix; if those are more than `most`, as many, evenly spread."""
    places = [(session, place) for session in sessions for place in _places(session)]
    if most is not None and len(places) > most:
        places = [places[number * len(places) // most] for number in range(most)]
    return [(session.items[:place], session.items[place]) for session, place in places]


def _places(session: Session) -> Iterator[int]:
    for _ in range(session.count):
        yield from range(max(session.known, 1), len(session.items))
