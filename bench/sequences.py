"""Sets of sequences of different kinds: on each of them another simple model is the right one."""

import random
from collections.abc import Callable

Sequences = list[list[str]]


def popular(dice: random.Random, count: int) -> Sequences:
    """Items by their popularity alone, as Zipf has it: popularity is right."""
    items = [f"op{number}" for number in range(100)]
    weights = [1 / (number + 1) for number in range(100)]
    return [dice.choices(items, weights, k=dice.randint(2, 10)) for _ in range(count)]


def chained(dice: random.Random, count: int) -> Sequences:
    """Each item by the one before it: a Markov chain is right."""
    following = {number: dice.sample(range(60), 12) for number in range(60)}
    weights = [1 / (place + 1) ** 1.2 for place in range(12)]
    sequences = []
    for _ in range(count):
        numbers = [dice.randrange(60)]
        for _ in range(dice.randint(1, 9)):
            numbers += dice.choices(following[numbers[-1]], weights)
        sequences.append([f"op{number}" for number in numbers])
    return sequences


def paired(dice: random.Random, count: int) -> Sequences:
    """Each item by the two before it: n-grams are right."""
    following: dict[tuple[int, int], list[int]] = {}
    sequences = []
    for _ in range(count):
        numbers = [dice.randrange(14), dice.randrange(14)]
        for _ in range(dice.randint(1, 9)):
            last = numbers[-2], numbers[-1]
            numbers += dice.choices(following.setdefault(last, dice.sample(range(14), 4)), (8, 3, 1, 1))
        sequences.append([f"op{number}" for number in numbers])
    return sequences


def habitual(dice: random.Random, count: int) -> Sequences:
    """Habits, with an item left out or put in now and then."""
    items = [f"op{number}" for number in range(80)]
    habits = [dice.choices(items, k=dice.randint(3, 7)) for _ in range(60)]
    sequences = []
    for _ in range(count):
        sequence = list(dice.choice(habits))
        if dice.random() < 0.3:
            sequence.insert(dice.randrange(len(sequence)), dice.choice(items))
        if dice.random() < 0.3:
            sequence.pop(dice.randrange(len(sequence)))
        sequences.append(sequence)
    return sequences


def topical(dice: random.Random, count: int) -> Sequences:
    """Items of one topic in any order, none twice: neighbours are right."""
    topics = [dice.sample(range(600), 25) for _ in range(30)]
    return [[f"op{item}" for item in dice.sample(dice.choice(topics), dice.randint(3, 12))] for _ in range(count)]


KINDS: dict[str, Callable[[random.Random, int], Sequences]] = {
    "popularity-like": popular,
    "Markov-like": chained,
    "second order": paired,
    "habit-like": habitual,
    "set-like": topical,
}
