"""/v1/performance: what operations take and when they fail, learnt from everybody's runs; never of fewer than five people."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import WireModel, answer
from functions.http.openapi import resource
from shared.performance import Expectation, NothingLearnt, PlannedOperation, current_model, expect, suggestions

api = resource("performance")


class UsualRange(WireModel):
    """What is usual, and between what nine of ten runs are."""

    usual: float
    low: float
    high: float


class FailureRate(WireModel):
    """How often something fails, 0 to 1, with 95 % confidence between `low` and `high`."""

    rate: float
    low: float
    high: float
    runs: int
    users: int


class Expected(WireModel):
    """What one run will take."""

    operation: str
    seconds: UsualRange
    memory_mb: UsualRange | None = Field(description="At the peak")
    failure: FailureRate | None
    risk: str | None = Field(description="What makes it fail more often than other runs: null if nothing known does")
    level: float = Field(description="How much of all runs the spans are to hold")
    coverage: float = Field(description="How much they held of runs that they were not made from")
    runs: int
    users: int
    notes: list[str] = Field(description="What makes this run unlike those that are known")

    @classmethod
    def of(cls, expected: Expectation) -> "Expected":
        """The wire form."""
        fields: dict[str, Any] = asdict(expected)
        rate, risk = expected.failure, expected.risk
        said = f"{risk.condition.replace('_', ' ')} {risk.value}: {risk.lift:.1f} times as often" if risk else None
        return cls.model_validate({**fields, "failure": rate.model_dump() if rate else None, "risk": said})


class PerformanceQuestion(WireModel):
    """An operation, and what it is run on."""

    operation: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    file_size: int = Field(ge=0, le=2**53, description="Bytes of the source")
    input_format: str | None = Field(default=None, max_length=16)
    output_format: str | None = Field(default=None, max_length=16)
    parameters: dict[str, JsonValue] = Field(default={}, max_length=100)


class ExpectedRun(WireModel):
    """What is expected; or null, and what is missing for an expectation."""

    expected: Expected | None
    unknown: str | None


class OperationPlan(WireModel):
    """An operation that can be done, and what it takes; `expected` and `cost_usd` are null while nothing is known."""

    kind: Literal["operation"] = "operation"
    operation: str
    container: str = Field(description="What its result is written as")
    expected: Expected | None
    cost_usd: UsualRange | None
    unknown: str | None = Field(description="Why nothing is expected")

    @classmethod
    def of(cls, planned: PlannedOperation) -> "OperationPlan":
        """The wire form."""
        return cls(
            operation=planned.operation,
            container=planned.container,
            expected=Expected.of(planned.expectation) if planned.expectation else None,
            cost_usd=UsualRange(**asdict(planned.cost_usd)) if planned.cost_usd else None,
            unknown=planned.unknown,
        )


class Suggested(WireModel):
    """A sentence and the figures that it rests on: `factor` is of time or of failures, 95 % sure between `low` and `high`."""

    kind: str = Field(description="slower, faster or fails")
    operation: str
    condition: str
    value: str
    text: str
    factor: float
    low: float
    high: float
    runs: int
    users: int


class Learnt(WireModel):
    """What is known of an operation as such."""

    operation: str
    runs: int
    users: int
    smallest_mb: float = Field(description="Nearly all known sources are larger")
    largest_mb: float
    power: float = Field(description="Time grows with the size of the source to this power")
    coverage: float
    failure: FailureRate | None


class Card(WireModel):
    """What the model is."""

    trained_at: datetime
    start: datetime
    end: datetime
    runs: int
    operations: int
    level: float
    coverage: float | None
    median_error: float | None
    people: int
    method: str
    limits: str


class Performance(WireModel):
    """All that is known; `card` is null and the lists are empty before the first night."""

    card: Card | None
    operations: list[Learnt]
    suggestions: list[Suggested]


@api.get("/v1/performance", responses={200: Performance})
def read_performance() -> Response:
    """What has been learnt of operations, what slows them and what makes them fail"""
    try:
        model = current_model()
    except NothingLearnt:
        return answer(Performance(card=None, operations=[], suggestions=[]))
    learnt = [
        Learnt(
            operation=name,
            runs=each.runs,
            users=each.users,
            smallest_mb=each.smallest,
            largest_mb=each.largest,
            power=each.time.power,
            coverage=each.time.coverage,
            failure=FailureRate(**model.rates[name].model_dump()) if name in model.rates else None,
        )
        for name, each in sorted(model.operations.items())
    ]
    said = [Suggested(**asdict(each)) for each in suggestions(model)]
    return answer(Performance(card=Card(**model.card.model_dump()), operations=learnt, suggestions=said))


@api.post("/v1/performance/expectations", responses={200: ExpectedRun})
def expect_performance(body: PerformanceQuestion) -> Response:
    """What one run of an operation will take, and how likely it is to fail"""
    try:
        expected = expect(
            body.operation,
            size=body.file_size,
            input_format=body.input_format,
            output_format=body.output_format,
            parameters=body.parameters,
        )
    except NothingLearnt as error:
        return answer(ExpectedRun(expected=None, unknown=error.detail))
    return answer(ExpectedRun(expected=Expected.of(expected), unknown=None))
