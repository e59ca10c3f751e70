"""What is mined is what a count by hand finds: all of it, nothing else, with exact figures."""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.patterns.mining import MiningError, SequencePattern, mine_sequences

Items = tuple[Hashable, ...]
SEQUENCES = st.lists(st.lists(st.sampled_from("abcd"), max_size=7), max_size=9)


def by_hand(
    sequences: Sequence[Sequence[Hashable]], least: int, min_gap: int, max_gap: int | None, max_length: int | None
) -> dict[Items, tuple[int, int]]:
    """Support and occurrences of every pattern, by trying every choice of positions."""
    support: Counter[Items] = Counter()
    occurrences: Counter[Items] = Counter()
    for sequence in sequences:
        inside: Counter[Items] = Counter()
        for length in range(1, min(len(sequence), max_length or len(sequence)) + 1):
            for places in combinations(range(len(sequence)), length):
                gaps = [b - a - 1 for a, b in pairwise(places)]
                if all(gap >= min_gap and (max_gap is None or gap <= max_gap) for gap in gaps):
                    inside[tuple(sequence[place] for place in places)] += 1
        occurrences += inside
        support.update(inside.keys())
    return {pattern: (count, occurrences[pattern]) for pattern, count in support.items() if count >= least}


def contains(longer: Items, pattern: Items, in_one_piece: bool) -> bool:
    if in_one_piece:
        return any(longer[i : i + len(pattern)] == pattern for i in range(len(longer) - len(pattern) + 1))
    rest = iter(longer)
    return all(item in rest for item in pattern)


@given(
    sequences=SEQUENCES,
    copies=st.integers(1, 3),
    least=st.integers(1, 4),
    min_gap=st.integers(0, 2),
    width=st.none() | st.integers(0, 8),
    max_length=st.none() | st.integers(1, 4),
    closed=st.booleans(),
    top_k=st.none() | st.integers(1, 9),
)
@settings(max_examples=400, deadline=None)
def test_it_finds_what_a_count_by_hand_finds(
    sequences: list[list[str]],
    copies: int,
    least: int,
    min_gap: int,
    width: int | None,
    max_length: int | None,
    closed: bool,
    top_k: int | None,
) -> None:
    sequences = sequences + sequences[:2] * (copies - 1)
    max_gap = None if width is None else min_gap + width
    expected = by_hand(sequences, least, min_gap, max_gap, max_length)
    if closed:
        expected = {
            pattern: (support, occurrences)
            for pattern, (support, occurrences) in expected.items()
            if not any(
                len(other) > len(pattern) and figures[0] == support and contains(other, pattern, max_gap is not None)
                for other, figures in expected.items()
            )
        }
    ordered = sorted(expected.items(), key=lambda each: (-each[1][0], -len(each[0]), each[0]))[:top_k]
    found = mine_sequences(
        sequences,
        min_support=least,
        closed=closed,
        min_gap=min_gap,
        max_gap=max_gap,
        max_length=max_length,
        top_k=top_k,
    )
    assert found == [SequencePattern(items, *figures) for items, figures in ordered]


def test_an_occurrence_is_a_choice_of_positions() -> None:
    def occurrences(**gaps: int) -> int:
        [pair] = [p for p in mine_sequences(["abab"], min_support=1, **gaps) if p.items == ("a", "b")]
        return pair.occurrences

    assert occurrences() == 3
    assert occurrences(max_gap=0) == 2
    assert occurrences(min_gap=1) == 1


def test_large_sets_are_worked_on_in_pieces_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    sequences = [[(number * 7 + i * i * 3) % 11 for i in range(number % 9)] for number in range(300)]
    whole = [mine_sequences(sequences, min_support=5, max_gap=gap) for gap in (None, 2)]
    monkeypatch.setattr("shared.patterns.mining.growth._CHUNK", 40)
    monkeypatch.setattr("shared.patterns.mining.windows._CHUNK", 40)
    monkeypatch.setattr("shared.patterns.mining.windows._MOST_PAIRS", 10)
    assert len(whole[0]) > 100
    assert [mine_sequences(sequences, min_support=5, max_gap=gap) for gap in (None, 2)] == whole


def test_closed_patterns_of_long_sequences_are_found_among_more_than_could_be_counted() -> None:
    # 2 ** 40 patterns are frequent.
    sequences = [list(range(40))] * 30 + [list(range(10, 30))] * 5
    assert mine_sequences(sequences, min_support=20, closed=True) == [
        SequencePattern(tuple(range(10, 30)), 35, 35),
        SequencePattern(tuple(range(40)), 30, 30),
    ]


@pytest.mark.parametrize("max_gap", [None, 90])
def test_occurrences_are_exact_where_they_are_more_than_a_machine_can_count(max_gap: int | None) -> None:
    [longest, *_] = mine_sequences([["a"] * 80, ["a"] * 79], min_support=2, max_gap=max_gap, max_length=40, closed=True)
    assert longest.items == ("a",) * 40
    assert longest.occurrences == math.comb(80, 40) + math.comb(79, 40)


def test_a_share_is_rounded_up_to_whole_sequences_and_empty_ones_count() -> None:
    sequences: list[list[str]] = [["x"]] * 3 + [["y"]] * 4 + [[]] * 23
    # A tenth of 30 is 3, although 0.1 * 30 is more than 3 in floats.
    assert [p.items for p in mine_sequences(sequences, min_support=0.1)] == [("y",), ("x",)]
    assert [p.items for p in mine_sequences(sequences, min_support=0.11)] == [("y",)]
    assert mine_sequences(sequences, min_support=1.0) == []


def test_items_are_anything_that_can_be_hashed() -> None:
    mixed: list[list[Hashable]] = [[1, "one", (1,)], [1, "one", None], ["one", 1]]
    # They have no order: the one that comes first is first.
    assert mine_sequences(mixed, min_support=2) == [
        SequencePattern((1,), 3, 3),
        SequencePattern(("one",), 3, 3),
        SequencePattern((1, "one"), 2, 2),
    ]


@pytest.mark.parametrize(
    ("search", "pointer"),
    [
        ({"min_support": 0}, "/min_support"),
        ({"min_support": 1.5}, "/min_support"),
        ({"min_support": float("nan")}, "/min_support"),
        ({"min_support": 1, "min_gap": -1}, "/min_gap"),
        ({"min_support": 1, "min_gap": 3, "max_gap": 2}, "/max_gap"),
        ({"min_support": 1, "max_length": 0}, "/max_length"),
        ({"min_support": 1, "top_k": 0}, "/top_k"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_with_the_reason(search: dict[str, float], pointer: str) -> None:
    with pytest.raises(MiningError) as refused:
        mine_sequences(["ab"], **search)  # type: ignore[arg-type]
    assert [error.pointer for error in refused.value.errors] == [pointer]
