"""Worth: how many of a person's own operations the model is worth, learned on the last sessions of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.patterns.recommending.evaluation import CUTOFF
from shared.patterns.recommending.model import Model, Ranked
from shared.patterns.recommending.own import Habit, OwnHistory, looked_at, personal

_TRIED = (2.0, 5.0, 10.0, 20.0, 50.0, 200.0)
_CAUTIOUS = 10.0
"""Where too few people have a history to learn from."""
_PEOPLE = 400
_FEWEST = 20
"""People without whose last sessions nothing is learned."""

_Asked = tuple[list[Ranked], Habit | None, str]
"""What the model ranks, the person's habit there, and what came."""


@dataclass(frozen=True)
class Worth:
    """What the model counts for, and hit@10 and MRR@10 without and with people's own histories, over `predictions`."""

    operations: float = _CAUTIOUS
    predictions: int = 0
    hit10_without: float = 0.0
    hit10_with: float = 0.0
    mrr10_without: float = 0.0
    mrr10_with: float = 0.0


def learn_worth(model: Model, histories: Sequence[Sequence[Sequence[str]]]) -> Worth:
    """The worth under which people's last sessions are predicted best from their earlier ones and `model`, which must not have
    been fitted to the last ones."""
    asked: list[_Asked] = []
    people = 0
    for sessions in [each for each in histories if len(each) > 1][:_PEOPLE]:
        own = OwnHistory(sessions[:-1])
        last = sessions[-1]
        habits = [own.habit(last[:place]) for place in range(1, len(last))]
        people += any(habits)
        for place, habit in enumerate(habits, start=1):
            asked.append((model.rank(last[:place], looked_at(CUTOFF)), habit, last[place]))
    if people < _FEWEST:
        return Worth(predictions=len(asked))
    found = {worth: _quality([personal(*each[:2], worth)[:CUTOFF] for each in asked], asked) for worth in _TRIED}
    best = max(found, key=lambda worth: (round(sum(found[worth]), 6), worth))
    without = _quality([each[0][:CUTOFF] for each in asked], asked)
    return Worth(best, len(asked), without[0], found[best][0], without[1], found[best][1])


def _quality(lists: Sequence[Sequence[Ranked]], asked: Sequence[_Asked]) -> tuple[float, float]:
    """hit@10 and MRR@10."""
    places = [
        next((place for place, (item, _) in enumerate(ranked, start=1) if item == following), 0)
        for ranked, (_, _, following) in zip(lists, asked, strict=True)
    ]
    count = len(places)
    return sum(place > 0 for place in places) / count, sum(1 / place for place in places if place) / count
