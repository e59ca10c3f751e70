"""What has been learnt of how long operations take, what memory they need and when they fail: the document that is kept.

Everything in it is said of at least `K` people; nothing in it is of one person."""

from datetime import datetime

from pydantic import Field

from shared.core.documents import StoredModel

K = 5
"""People that anything shown to others is said of, at least."""
LEVEL = 0.9
"""How much of new runs an interval is to hold."""


class Effect(StoredModel):
    """What a value of a feature does to the time, or to the size of the result: it is `factor` times that of the value `against`.

    With 95 % confidence between `low` and `high`. For a number, `value` is None: the factor is for one more of it."""

    feature: str
    value: str | None
    against: str | None
    factor: float
    low: float
    high: float
    runs: int
    users: int


class TimeModel(StoredModel):
    """Milliseconds: exp(`intercept` + `power` * ln(megabytes)) times the factors of the effects.

    A number's factor is raised to how far it is from its usual value. Of runs of people kept apart, `coverage` were between
    exp(`low`) and exp(`high`) of that, and half were nearer than the factor `middle`."""

    intercept: float
    power: float
    power_low: float
    power_high: float
    effects: tuple[Effect, ...]
    usual: dict[str, float]
    low: float
    high: float
    coverage: float
    middle: float


class MemoryModel(StoredModel):
    """Megabytes at the peak: `base` + `per_mb` * megabytes of the source; the interval as for time."""

    base: float
    per_mb: float
    low: float
    high: float
    coverage: float


class OperationModel(StoredModel):
    """One operation. It was learnt from `sample` of `runs` runs of `users` people, on sources of `smallest` to `largest` MB."""

    operation: str
    runs: int
    sample: int
    users: int
    smallest: float
    largest: float
    time: TimeModel
    memory: MemoryModel | None
    result: tuple[Effect, ...] = ()
    """What values do to the size of the result."""


class Rate(StoredModel):
    """How often something failed, 0 to 1, with 95 % confidence (Wilson's interval)."""

    rate: float
    low: float
    high: float
    runs: int
    users: int


class Risk(StoredModel):
    """A condition under which an operation fails more often than under all others, which are in `otherwise`.

    `lift`: how many times as often, with 95 % confidence between `lift_low` and `lift_high`. `error_share`: of its failures, with
    `error`. The users of `otherwise` are all of the operation's."""

    operation: str
    condition: str
    value: str
    failing: Rate
    otherwise: Rate
    lift: float
    lift_low: float
    lift_high: float
    error: str | None
    error_share: float


class ModelCard(StoredModel):
    """What the model is, for people: of when, from what, how good, and what it cannot do."""

    trained_at: datetime
    start: datetime
    end: datetime
    runs: int
    operations: int
    level: float = LEVEL
    coverage: float | None = Field(description="Of runs of people kept apart, how many were in their interval")
    median_error: float | None = Field(
        description="Of the middle operation, half of the runs were nearer than this factor"
    )
    people: int = K
    method: str = (
        "Huber regression of the logarithm of time on the logarithm of size, on formats, presets and codecs, and on crf,"
        " pixels and duration; of the size of the result likewise; of memory on size. Intervals are conformal, by five folds of"
        " people. Failures: rates by condition with Wilson's interval, and the ratio to all other runs with Katz's."
    )
    limits: str = (
        "It knows what senders tell, and not the machine. A value that fewer than five people used is not known. What it says of"
        " sources outside the sizes seen is a guess."
    )


class PerformanceModel(StoredModel):
    """All."""

    card: ModelCard
    operations: dict[str, OperationModel]
    rates: dict[str, Rate]
    risks: tuple[Risk, ...]
