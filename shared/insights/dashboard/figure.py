"""Figure: a KPI as a dashboard shows it: its value, how that has changed, its curve, and what it is made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from shared.insights.figures import Figures
from shared.insights.kpi import Category, Direction, Kpi, Unit
from shared.insights.measurement import Labels, Measurement


class Value(Figures):
    """A value now and before. None where nothing was measured."""

    value: float | None
    samples: int = Field(description="How many rows it is made from")
    previous: float | None = Field(description="In the period before; null too where it is not compared")
    difference: float | None = Field(description="Value less previous, in the KPI's unit")
    relative: float | None = Field(description="0.1 is 10 % more; null where previous is 0")
    better: bool | None = Field(
        description="Whether the change is in the KPI's direction; null where nothing has changed"
    )

    @classmethod
    def members(cls, kpi: Kpi, now: Measurement | None, before: Measurement | None) -> dict[str, Any]:
        """The members of a value of this KPI."""
        value = now.value if now is not None else None
        previous = before.value if before is not None else None
        difference = value - previous if value is not None and previous is not None else None
        return {
            "value": value,
            "samples": now.samples if now is not None else 0,
            "previous": previous,
            "difference": difference,
            "relative": difference / abs(previous) if difference is not None and previous else None,
            "better": (difference > 0) is (kpi.direction is Direction.UP) if difference else None,
        }


class Point(Figures):
    """The value of a step."""

    at: datetime = Field(description="The start of the step")
    value: float | None
    samples: int


class Group(Value):
    """The value of what has the same labels."""

    labels: dict[str, str]


class KpiFigure(Value):
    """A KPI in a period: a rate is 0 to 1."""

    name: str
    title: str
    category: Category
    unit: Unit
    direction: Direction = Field(description="Which way is better")
    target: float | None
    on_target: bool | None = Field(description="Whether the value is on the good side of the target")
    series: list[Point] = Field(description="Its curve; empty unless steps were asked for")
    groups: list[Group] = Field(description="What it is made of, the most samples first; empty unless grouped")


def figure_of(
    kpi: Kpi,
    now: Measurement | None,
    before: Measurement | None,
    series: list[Measurement],
    groups: list[Measurement],
    groups_before: Mapping[Labels, Measurement],
) -> KpiFigure:
    """The KPI as a dashboard shows it."""
    value = now.value if now is not None else None
    return KpiFigure(
        **Value.members(kpi, now, before),
        name=kpi.name,
        title=kpi.title,
        category=kpi.category,
        unit=kpi.unit,
        direction=kpi.direction,
        target=kpi.target,
        on_target=on_target(kpi, value),
        series=[Point(at=each.at, value=each.value, samples=each.samples) for each in series if each.at is not None],
        groups=[
            Group(**Value.members(kpi, each, groups_before.get(each.labels)), labels=dict(each.labels))
            for each in sorted(groups, key=lambda each: (-each.samples, each.labels))
        ],
    )


def on_target(kpi: Kpi, value: float | None) -> bool | None:
    """Whether a value is on the good side of the KPI's target; None without either."""
    if kpi.target is None or value is None:
        return None
    return value >= kpi.target if kpi.direction is Direction.UP else value <= kpi.target
