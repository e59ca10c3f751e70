"""Scenarios: what a file of tests of rules says."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from shared.alerts.checking import plain_errors
from shared.alerts.durations import write_duration
from shared.alerts.instances import AlertState, Condition
from shared.alerts.readings import labels_of
from shared.alerts.routing.model import Duration
from shared.alerts.rules import AlertRule, default_rules
from shared.alerts.testing.part import Labelling, Part
from shared.alerts.testing.series import MOST, Point, parse_series
from shared.alerts.testing.telling import Acknowledgement, ExpectedNotification, Silenced, Tellings
from shared.core.errors import FieldError, InvalidInput

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
"""When a scenario begins that does not say it."""
MAX_BYTES = 5_000_000
_MINUTE = timedelta(minutes=1)
_YEARS = range(1970, 3000)
_LONGEST = timedelta(days=3660)


class InvalidScenarios(InvalidInput):
    """A file of tests cannot be read; its errors say where."""


class _Loader(yaml.SafeLoader):
    """YAML that refuses a name that is given twice, instead of losing what the first says."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """See yaml."""
        names = Counter(
            name.value for name, _ in node.value if isinstance(name, yaml.ScalarNode) and name.tag != _MERGE
        )
        if twice := next((name for name, count in names.items() if count > 1), None):
            raise yaml.MarkedYAMLError(None, None, f"`{twice}` is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


_MERGE = "tag:yaml.org,2002:merge"


def _points(values: Any) -> Any:
    """A text of tokens, or a list of them."""
    return parse_series(" ".join(map(str, values)) if isinstance(values, list) else str(values))


def _with_zone(at: datetime) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


class Series(Part):
    """What a KPI, or what the rule of that id watches, reads for one set of labels, from the start on, one point an interval."""

    kpi: str | None = None
    rule: str | None = None
    labels: Labelling = Field(default_factory=dict)
    values: Annotated[list[Point], BeforeValidator(_points)]
    samples: int = Field(default=1000, ge=0)

    @model_validator(mode="after")
    def _names_its_source(self) -> Self:
        if (self.kpi is None) == (self.rule is None):
            raise ValueError("a series names a kpi, or the rule whose readings it is")
        return self

    def tells(self, rule: AlertRule) -> bool:
        """Whether it is among the rule's readings."""
        named = self.rule == rule.id if self.rule is not None else self.kpi == rule.kpi
        return named and self.labels.keys() == set(rule.labels)


class ExpectedAlert(Part):
    """An alert that is open, or has ended at that very evaluation."""

    rule: str
    labels: Labelling = Field(default_factory=dict)
    state: AlertState
    condition: Condition = Condition.BREACHED
    value: float | None = None


class Expectation(Part):
    """All alerts there are after the evaluation at this time: no more, no less."""

    at: Duration
    alerts: list[ExpectedAlert]


class Scenario(Part):
    """One test. Alerts are expected at evaluations; `notifications` are all that come up to its end, which is `until` or the last
    time that anything is expected. Left out, nobody asks who is told."""

    name: str
    start: Annotated[datetime, AfterValidator(_with_zone)] = MONDAY
    interval: Duration = timedelta(minutes=1)
    series: list[Series]
    silences: list[Silenced] = Field(default_factory=list)
    acknowledged: list[Acknowledgement] = Field(default_factory=list)
    expect: list[Expectation] = Field(default_factory=list)
    notifications: list[ExpectedNotification] | None = None
    until: Duration | None = None

    @property
    def end(self) -> timedelta:
        """The last moment that is looked at."""
        times = [each.at for each in self.expect] + [each.at for each in self.notifications or ()]
        return max(times + ([self.until] if self.until is not None else []))

    @property
    def rules(self) -> Iterator[str]:
        """The rules that it names."""
        yield from (alert.rule for expectation in self.expect for alert in expectation.alerts)
        yield from (alert.rule for alert in self.acknowledged)
        for told in self.notifications or ():
            yield from (alert.rule for alert in (*(told.firing or ()), *(told.resolved or ())))

    @model_validator(mode="after")
    def _is_in_step(self) -> Self:
        if self.interval < _MINUTE or self.interval % _MINUTE:
            raise ValueError("the interval is of whole minutes: rules are evaluated every minute, or less often")
        if not self.expect and not self.notifications and (self.notifications is None or self.until is None):
            raise ValueError(
                "a test expects alerts or notifications; that nobody is told it expects up to a time, `until`"
            )
        for at in (each.at for each in self.expect):
            if at % self.interval:
                told = f"the interval is {write_duration(self.interval)}"
                raise ValueError(f"there is no evaluation at {write_duration(at)}: {told}")
        return self

    @model_validator(mode="after")
    def _comes_to_an_end(self) -> Self:
        if self.start.year not in _YEARS or self.end > _LONGEST:
            raise ValueError(f"a test begins from {_YEARS[0]} to {_YEARS[-1]} and takes {_LONGEST.days} days at most")
        looks = self.end // (self.interval if self.notifications is None else _MINUTE)
        if looks > MOST:
            raise ValueError(f"a test looks at most {MOST} times, and this one would {looks} times: let it end sooner")
        return self


class ScenarioFile(Tellings):
    """Rules, those that every deployment starts with unless there are others, who is told of them, and tests of both."""

    rules: list[AlertRule] = Field(default_factory=lambda: list(default_rules()))
    tests: list[Scenario] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_its_rules(self) -> Self:
        known = {rule.id for rule in self.rules}
        expected = {rule for test in self.tests for rule in test.rules}
        if unknown := sorted(expected - known):
            raise ValueError(f"there is no rule {unknown[0]}; there are {', '.join(sorted(known))}")
        return self

    @model_validator(mode="after")
    def _watches_what_there_is(self) -> Self:
        for rule in self.rules:
            if error := next(plain_errors(rule), None):
                raise ValueError(f"rule {rule.id}: {error.detail}")
        return self

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        lists = {
            "rules": [each.id for each in self.rules],
            "policies": [each.id for each in self.policies],
            "schedules": [each.id for each in self.schedules],
            "contacts": [each.id for each in self.contacts],
        }
        for name, ids in lists.items():
            if twice := sorted({each for each in ids if ids.count(each) > 1}):
                raise ValueError(f"`{name}` has {twice[0]} twice")
        return self

    @model_validator(mode="after")
    def _tells_those_that_there_are(self) -> Self:
        if unknown := next(self.unknown(), None):
            raise ValueError(f"there is no {unknown}")
        return self

    @model_validator(mode="after")
    def _tells_what_is_watched(self) -> Self:
        for series in (series for test in self.tests for series in test.series):
            if not any(series.tells(rule) for rule in self.rules):
                by = f" by {', '.join(sorted(series.labels))}" if series.labels else ""
                raise ValueError(f"no rule reads the series of {series.kpi or series.rule}{by}")
        return self

    @model_validator(mode="after")
    def _tells_each_once(self) -> Self:
        for test, rule in product(self.tests, self.rules):
            told = Counter(labels_of(series.labels.items()) for series in test.series if series.tells(rule))
            for labels in (labels for labels, count in told.items() if count > 1):
                named = ", ".join(f"{name}={value}" for name, value in labels)
                raise ValueError(f"test {test.name}: two series tell {rule.id}{{{named}}}, and it can read only one")
        return self


def read_scenarios(path: Path) -> ScenarioFile:
    """The tests in a YAML file. Raises InvalidScenarios, with an error for each place that is wrong."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidScenarios(f"{path} is larger than {MAX_BYTES / 1e6:g} MB.")
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  # It is a safe one.
    except OSError as error:
        raise InvalidScenarios(f"{path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidScenarios(f"{path} is not YAML: {error}") from None
    try:
        return ScenarioFile.model_validate(document)
    except ValidationError as invalid:
        errors = list(_errors(invalid))
        raise InvalidScenarios(f"{path}: {errors[0].pointer or '/'}: {errors[0].detail}", errors=errors) from None


def _errors(invalid: ValidationError) -> Iterator[FieldError]:
    for error in invalid.errors(include_url=False, include_input=False, include_context=False):
        pointer = "".join(f"/{step}" for step in error["loc"])
        unknown = error["type"] == "extra_forbidden"
        detail = "this is not known here; docs/alerting.md says what there is" if unknown else error["msg"]
        yield FieldError(pointer, detail.removeprefix("Value error, "), error["type"])
