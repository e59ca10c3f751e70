"""Rules: what is watched, and from where on it is an alert. They live in `alert_rules/{id}`."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel, to_snake

from shared.alerts.actions import Response
from shared.alerts.durations import parse_duration
from shared.core.declared import read_declared
from shared.core.ids import ID_PATTERN

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"
"""What the names of KPIs and labels look like."""
LabelName = Annotated[str, Field(pattern=NAME_PATTERN)]
_ALSO = {"for": "hold", "keepFiringFor": "keepFiring", "keep_firing_for": "keepFiring"}
"""What Prometheus calls them."""
_DEFAULTS = Path(__file__).with_name("default_rules.yaml")


class Source(StrEnum):
    """Where a rule's readings come from."""

    KPI = "kpi"
    SQL = "sql"
    SEQUENCE = "sequence"
    SYSTEM = "system"


class SequenceMove(StrEnum):
    """What becomes of a pattern of operations from one window to the next: an alert for each, by the label `pattern`. The value
    is how much more or less it is run (0.5: half as much again), or in how many sessions a new one is and a vanished one was."""

    NEW = "new"
    VANISHED = "vanished"
    DRIFTING = "drifting"


class SystemReading(StrEnum):
    """What the evaluator tells of itself. `evaluation_delay`: the longest that one of the last `window` minutes waited for its
    evaluation, in seconds; of a minute that was skipped, until now."""

    EVALUATION_DELAY = "evaluation_delay"


class OnNoData(StrEnum):
    """What becomes of a rule that finds too few samples: its alerts resolve at the second time, or stay; or it is an alert."""

    RESOLVE = "resolve"
    KEEP = "keep"
    ALERT = "alert"


class OnError(StrEnum):
    """What becomes of a rule that cannot be evaluated. Its alerts stay as they are; that it cannot be may be an alert itself."""

    KEEP = "keep"
    ALERT = "alert"


class Comparison(StrEnum):
    """Which side of the threshold is bad; the threshold itself is good."""

    ABOVE = "above"
    BELOW = "below"


class Severity(StrEnum):
    """How bad it is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


def _minutes(given: Any) -> Any:
    """Minutes, also of a time such as `90m` or `1h30m`. Raises ValueError."""
    if not isinstance(given, str):
        return given
    minutes, rest = divmod(parse_duration(given), timedelta(minutes=1))
    if rest:
        raise ValueError("write whole minutes")
    return minutes


class RuleFields(BaseModel):
    """What a rule says: an alert fires once what it watches was bad at every evaluation for `hold` minutes.

    It watches one of `kpi`, `sql`, `sequence` and `system` over the last `window` minutes, each value of its `labels` apart."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=1000)
    kpi: str | None = Field(default=None, pattern=NAME_PATTERN, description="Name of the KPI that is watched")
    sql: str | None = Field(
        default=None,
        min_length=1,
        max_length=20_000,
        description="A SELECT over [@start, @end): `value`, the labels, perhaps `samples`, a row for each set of labels",
    )
    sequence: SequenceMove | None = Field(
        default=None,
        description="Patterns of operations that are new, gone or run otherwise, against the window before",
    )
    system: SystemReading | None = Field(default=None, description="What the evaluator tells of itself")
    labels: tuple[LabelName, ...] = Field(default=(), max_length=4, description="What is told apart: an alert for each")
    comparison: Comparison
    threshold: float = Field(allow_inf_nan=False)
    window: int = Field(ge=1, le=43_200, description="Minutes of events that are looked at")
    hold: Annotated[int, BeforeValidator(_minutes)] = Field(
        default=0,
        ge=0,
        le=1440,
        description="Minutes that it must stay bad before the alert fires; also taken as `for`",
    )
    keep_firing: Annotated[int, BeforeValidator(_minutes)] = Field(
        default=0,
        ge=0,
        le=1440,
        description="Minutes that it must stay good before the alert ends; also taken as `keep_firing_for`",
    )
    every: int = Field(default=1, ge=1, le=1440, description="Minutes between two evaluations")
    min_samples: int = Field(default=1, ge=1, description="With fewer, the rule says nothing")
    on_no_data: OnNoData = OnNoData.RESOLVE
    on_error: OnError = OnError.ALERT
    runbook: str | None = Field(
        default=None, pattern=r"^https?://\S+$", max_length=500, description="What to do about it"
    )
    severity: Severity = Severity.WARNING
    responses: tuple[Response, ...] = Field(
        default=(), max_length=5, description="What is done by itself when it fires"
    )
    enabled: bool = True

    @model_validator(mode="before")
    @classmethod
    def _in_words_of_prometheus(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        for name, ours in _ALSO.items():
            if name in given:
                if {ours, to_snake(ours)} & given.keys():
                    raise ValueError(f"{name} is {ours} by another name: give one of them")
                given = {ours if each == name else each: value for each, value in given.items()}
        return given

    @model_validator(mode="after")
    def _watches_one_thing(self) -> Self:
        named = [source.value for source in Source if getattr(self, source.value) is not None]
        if len(named) != 1:
            told = "none" if not named else " and ".join(named)
            raise ValueError(f"a rule watches exactly one of {', '.join(Source)}; this one names {told}")
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("each label counts once")
        return self

    @property
    def source(self) -> Source:
        """Where its readings come from."""
        return next(source for source in Source if getattr(self, source.value) is not None)

    def is_breached(self, value: float) -> bool:
        """Whether `value` is on the bad side."""
        return value > self.threshold if self.comparison is Comparison.ABOVE else value < self.threshold

    def is_due(self, at: datetime) -> bool:
        """Whether this is one of its minutes, counted from midnight, UTC."""
        return (at.hour * 60 + at.minute) % self.every == 0


class AlertRule(RuleFields):
    """A rule by its id."""

    id: str = Field(pattern=ID_PATTERN, max_length=100)


@cache
def default_rules() -> tuple[AlertRule, ...]:
    """The rules every deployment starts with."""
    return tuple(AlertRule.model_validate(_with_query(rule)) for rule in read_declared(_DEFAULTS))


def _with_query(rule: dict[str, Any]) -> dict[str, Any]:
    """A declared rule with its query in place of the name of the query's file."""
    return {**rule, "sql": _DEFAULTS.with_name(rule["sql"]).read_text()} if "sql" in rule else rule
