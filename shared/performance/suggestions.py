"""Suggestions: what has been learnt, as sentences that people can act on, each with the figures that it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.performance.model import Effect, OperationModel, PerformanceModel, Risk

_MATTERS = 1.25
"""A value is worth a word if it surely changes the time by this factor."""
_NAMES = {"output_format": "the output format", "preset": "the preset", "codec": "the codec"}


@dataclass(frozen=True)
class Suggestion:
    """`kind`: `slower`, `faster` or `fails`. `factor` (of time, or of the share of failures) is with 95 % confidence between
    `low` and `high`, from `runs` runs of `users` people."""

    kind: str
    operation: str
    condition: str
    value: str
    text: str
    factor: float
    low: float
    high: float
    runs: int
    users: int


def suggestions(model: PerformanceModel) -> list[Suggestion]:
    """Failures first, then what costs or saves the most time."""
    slow = [each for learnt in model.operations.values() for each in _of_time(learnt)]
    slow.sort(key=lambda each: (-max(each.low, 1 / each.high), each.operation, each.value))
    return [*map(_of_failures, model.risks), *slow]


def _of_time(learnt: OperationModel) -> Iterator[Suggestion]:
    sizes = {(each.feature, each.value): each for each in learnt.result}
    for effect in learnt.time.effects:
        if effect.value is not None and (effect.low >= _MATTERS or effect.high <= 1 / _MATTERS):
            yield Suggestion(
                kind="slower" if effect.factor > 1 else "faster",
                operation=learnt.operation,
                condition=effect.feature,
                value=effect.value,
                text=_time_sentence(learnt.operation, effect, sizes.get((effect.feature, effect.value))),
                factor=effect.factor,
                low=effect.low,
                high=effect.high,
                runs=effect.runs,
                users=effect.users,
            )


def _time_sentence(operation: str, effect: Effect, size: Effect | None) -> str:
    longer = effect.factor > 1
    takes = f"{effect.factor:.1f} times as long as" if longer else f"{effect.factor:.0%} of the time that it takes"
    return (
        f"With {_NAMES.get(effect.feature, effect.feature)} {effect.value}, {operation} takes {takes} with {effect.against}"
        f" ({effect.low:.2f} to {effect.high:.2f} times; {effect.runs} runs of {effect.users} people)."
        f"{_size_sentence(size)}"
    )


def _size_sentence(size: Effect | None) -> str:
    """What one gets for it."""
    if size is None:
        return ""
    if size.low <= 1 <= size.high:
        return f" Its files are as large ({size.low:.2f} to {size.high:.2f} times)."
    than = "larger" if size.factor > 1 else "smaller"
    return f" Its files are {abs(size.factor - 1):.0%} {than} ({size.low:.2f} to {size.high:.2f} times)."


def _of_failures(risk: Risk) -> Suggestion:
    under = f"on sources of {risk.value}" if risk.condition == "size" else f"with {_word(risk.condition)} {risk.value}"
    failing = risk.failing
    why = f", mostly with {risk.error}" if risk.error and risk.error_share >= 0.5 else ""
    text = (
        f"{risk.operation} fails {failing.rate:.0%} of the time {under} ({failing.low:.0%} to {failing.high:.0%};"
        f" {failing.runs} runs of {failing.users} people){why}; otherwise {risk.otherwise.rate:.1%} of the time."
    )
    return Suggestion(
        kind="fails",
        operation=risk.operation,
        condition=risk.condition,
        value=risk.value,
        text=text,
        factor=risk.lift,
        low=risk.lift_low,
        high=risk.lift_high,
        runs=failing.runs,
        users=failing.users,
    )


def _word(condition: str) -> str:
    return condition.replace("_", " ")
