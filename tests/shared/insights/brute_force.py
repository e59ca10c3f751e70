"""KPIs computed by brute force: in Python, event by event, straight from what each KPI says it is."""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from shared.core.ids import new_id
from shared.events import (
    Business,
    Context,
    Event,
    EventType,
    Generation,
    Metrics,
    Operation,
    Plan,
    Platform,
)

_OPERATIONS = ("trim", "resize", "convert", "render")
_ERRORS = ("disk_full", "timeout")
_WORKFLOWS = ("podcast", "social_media")
_PROVIDERS = ("runway", "luma")


@dataclass(frozen=True)
class Told:
    """An event and whose it is."""

    user: str | None
    event: Event

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.timestamp


def random_events(seed: int, start: datetime, length: timedelta, users: Sequence[str | None], count: int) -> list[Told]:
    """Events of every kind, some of nobody; they come in clumps, so that there are sessions and recoveries."""
    dice = random.Random(seed)
    told = []
    at = start
    while len(told) < count:
        at += timedelta(seconds=dice.choice((5, 40, 200, 550, 700, 2000)) * dice.random())
        if at >= start + length:
            at = start + (at - start) % length
        told.append(Told(dice.choice(users), _event(dice, at.replace(microsecond=1000 * dice.randrange(1000)))))
    return told


def _event(dice: random.Random, at: datetime) -> Event:
    kind = dice.choices(tuple(EventType), (60, 8, 12, 3, 12, 8))[0]
    platform = dice.choice(tuple(Platform))
    event = {"event_id": new_id(), "timestamp": at, "platform": platform, "event_type": kind}
    session = dice.choice((None, None, f"session-{dice.randrange(4)}"))
    workflow = dice.choice((None, *_WORKFLOWS))
    metrics = _metrics(dice)
    if kind is EventType.OPERATION:
        event |= {"operation": Operation(type=dice.choice(_OPERATIONS)), "metrics": metrics}
    elif kind is EventType.WORKFLOW:
        run = new_id()
        event |= {"metrics": metrics}
        template = dice.choice((run, "template-1", None))
        event["context"] = Context(workflow_type=workflow, workflow_id=template, session_id=run)
    elif kind is EventType.GENERATION:
        event |= {"generation": _generation(dice), "metrics": metrics}
    elif kind is EventType.ERROR:
        event |= {"metrics": Metrics(success=False, error_code=dice.choice(_ERRORS))}
    elif kind is EventType.BUSINESS:
        event |= {"business": _business(dice)}
    else:
        event |= {"generation": Generation(provider=dice.choice((None, "luma")), satisfaction=dice.randrange(51) / 10)}
    if kind is not EventType.WORKFLOW and (session or workflow):
        event["context"] = Context(session_id=session, workflow_type=workflow)
    return Event.model_validate(event)


def _metrics(dice: random.Random) -> Metrics:
    success = dice.choice((True, True, True, False, None))
    return Metrics(
        success=success,
        processing_time=dice.choice((None, round(dice.lognormvariate(8, 1.5), 1))),
        error_code=None if success else dice.choice((None, *_ERRORS)),
        cpu_usage=dice.choice((None, 100 * dice.random())),
        memory_usage=dice.choice((None, 1000 * dice.random())),
        gpu_usage=dice.choice((None, 100 * dice.random())),
    )


def _generation(dice: random.Random) -> Generation:
    return Generation(
        provider=dice.choice(_PROVIDERS),
        quality_score=dice.choice((None, 10 * dice.random())),
        cost_usd=dice.choice((None, round(dice.random(), 3))),
    )


def _business(dice: random.Random) -> Business:
    kind = dice.choice(("signup", "upgrade", "purchase", "cancel"))
    plan = {"upgrade": Plan.PREMIUM, "purchase": Plan.PREMIUM}.get(kind, Plan.FREE)
    revenue = round(dice.uniform(-5, 50), 2) if kind in ("upgrade", "purchase") else None
    return Business(kind=kind, plan=dice.choice((plan, None)), revenue_usd=revenue)


@dataclass(frozen=True)
class Window:
    """A period, and everything that was told: also before and after it."""

    start: datetime
    end: datetime
    everything: Sequence[Told]

    @property
    def inside(self) -> list[Told]:
        """What is in the period."""
        return [told for told in self.everything if self.start <= told.at < self.end]

    def people(self, since: datetime, until: datetime) -> set[str]:
        """Who did anything in [since, until)."""
        return {told.user for told in self.everything if told.user and since <= told.at < until}

    def _attempts(self) -> list[Told]:
        return [t for t in self.inside if t.event.event_type in (EventType.OPERATION, EventType.GENERATION)]

    def _outcomes(self) -> list[bool]:
        known = [t.event.metrics.success for t in self._attempts() if t.event.metrics]
        return [success for success in known if success is not None]

    def _metric(self, name: str) -> list[float]:
        found = [getattr(t.event.metrics, name) for t in self.inside if t.event.metrics]
        return [value for value in found if value is not None]

    def _generated(self, name: str) -> list[float]:
        found = [getattr(t.event.generation, name) for t in self.inside if t.event.generation]
        return [value for value in found if value is not None]

    def _seconds(self, chosen: Callable[[Event], bool]) -> list[float]:
        metrics = [t.event.metrics for t in self.inside if chosen(t.event)]
        return [m.processing_time / 1000 for m in metrics if m and m.processing_time is not None]

    def _generation_times(self) -> list[float]:
        return self._seconds(
            lambda e: e.event_type is EventType.GENERATION or bool(e.operation and e.operation.type == "render")
        )

    def _operation_times(self) -> list[float]:
        return self._seconds(lambda e: e.event_type is EventType.OPERATION)

    def _business(self) -> list[Told]:
        return [t for t in self.inside if t.event.business]

    def value(self, kpi: str) -> float | None:
        """What the KPI is in the period."""
        found: float | None = getattr(self, f"_{kpi}_is")()
        return found

    def _events_is(self) -> float:
        return len(self.inside)

    def _operations_is(self) -> float:
        return len(self._attempts())

    def _unique_users_is(self) -> float:
        return len(self.people(self.start, self.end))

    def _monthly_actives_is(self) -> float:
        return len(self.people(self.end - timedelta(days=30), self.end))

    def _success_rate_is(self) -> float | None:
        return _mean(self._outcomes())

    def _error_rate_is(self) -> float | None:
        return _mean(not success for success in self._outcomes())

    def _recovery_rate_is(self) -> float | None:
        operations = [t for t in self.everything if t.event.event_type is EventType.OPERATION and t.user]
        failed = [t for t in operations if t.event.metrics and t.event.metrics.success is False]
        return _mean(
            any(
                later.user == t.user
                and later.event.operation == t.event.operation
                and later.event.metrics
                and later.event.metrics.success
                and timedelta(0) < later.at - t.at < timedelta(hours=1, seconds=1)
                for later in operations
            )
            for t in failed
            if self.start <= t.at < self.end
        )

    def _generation_time_is(self) -> float | None:
        return _mean(self._generation_times())

    def _generation_time_p95_is(self) -> float | None:
        return _rank(self._generation_times(), 0.95)

    def _processing_time_p50_is(self) -> float | None:
        return _rank(self._operation_times(), 0.5)

    def _processing_time_p95_is(self) -> float | None:
        return _rank(self._operation_times(), 0.95)

    def _failures_is(self) -> float:
        errors = [t for t in self.inside if t.event.event_type is EventType.ERROR]
        return len(errors) + sum(not success for success in self._outcomes())

    def _running_times(self) -> list[float]:
        return self._seconds(lambda e: e.event_type in (EventType.OPERATION, EventType.GENERATION))

    def _running_time_is(self) -> float | None:
        return _mean(self._running_times())

    def _running_time_p95_is(self) -> float | None:
        return _rank(self._running_times(), 0.95)

    def _cpu_usage_is(self) -> float | None:
        return _mean(self._metric("cpu_usage"))

    def _gpu_usage_is(self) -> float | None:
        return _mean(self._metric("gpu_usage"))

    def _memory_usage_is(self) -> float | None:
        return _mean(self._metric("memory_usage"))

    def _quality_score_is(self) -> float | None:
        return _mean(self._generated("quality_score"))

    def _satisfaction_is(self) -> float | None:
        return _mean(self._generated("satisfaction"))

    def _nps_is(self) -> float | None:
        return _mean(100 * ((rating >= 4.5) - (rating <= 3)) for rating in self._generated("satisfaction"))

    def _workflows(self) -> list[Event]:
        return [t.event for t in self.inside if t.event.event_type is EventType.WORKFLOW]

    def _workflow_success_rate_is(self) -> float | None:
        ended = [e.metrics.success for e in self._workflows() if e.metrics]
        return _mean(success for success in ended if success is not None)

    def _time_to_completion_is(self) -> float | None:
        return _mean(
            self._seconds(lambda e: e.event_type is EventType.WORKFLOW and bool(e.metrics and e.metrics.success))
        )

    def _template_adoption_is(self) -> float | None:
        contexts = [e.context for e in self._workflows() if e.context and e.context.workflow_id]
        return _mean(context.workflow_id != context.session_id for context in contexts)

    def _session_length_is(self) -> float | None:
        last: dict[tuple[str, str | None], datetime] = {}
        seconds, begun = 0.0, 0
        operations = [t for t in self.everything if t.event.event_type is EventType.OPERATION and t.user]
        for told in sorted(operations, key=lambda t: t.at):
            assert told.user
            session = told.event.context.session_id if told.event.context else None
            took = (told.event.metrics.processing_time or 0) / 1000 if told.event.metrics else 0.0
            before = last.get((told.user, session))
            last[told.user, session] = told.at
            pause = (told.at - before).total_seconds() if before else math.inf
            begins = pause > 3600 or (session is None and pause - took > 600)
            if self.start <= told.at < self.end:
                seconds += took if begins else pause
                begun += begins
        return seconds / begun if begun else None

    def _retention_is(self) -> float | None:
        before = self.people(self.start - (self.end - self.start), self.start)
        return len(before & self.people(self.start, self.end)) / len(before) if before else None

    def _premium_conversion_is(self) -> float | None:
        candidates: dict[str, set[str]] = defaultdict(set)
        for told in self._business():
            if told.user and told.event.business and told.event.business.kind in ("signup", "upgrade"):
                candidates[told.user].add(told.event.business.kind)
        return _mean("upgrade" in kinds for kinds in candidates.values())

    def _premium_adoption_is(self) -> float | None:
        plans: dict[str, Plan] = {}
        premium: dict[str, bool] = {}
        for told in sorted(self.everything, key=lambda t: t.at):
            if told.user and told.event.business and told.event.business.plan:
                plans[told.user] = told.event.business.plan
            if told.user in plans and self.start <= told.at < self.end:
                premium[told.user] = premium.get(told.user, False) or plans[told.user] is Plan.PREMIUM
        return _mean(premium.values())

    def _revenue_is(self) -> float:
        business = [t.event.business for t in self._business() if t.event.business]
        return math.fsum(each.revenue_usd or 0 for each in business)

    def _cost_is(self) -> float:
        return math.fsum(self._generated("cost_usd"))

    def _cost_per_operation_is(self) -> float | None:
        attempts = self._attempts()
        costs = [t.event.generation.cost_usd or 0 for t in attempts if t.event.generation]
        return math.fsum(costs) / len(attempts) if attempts else None


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return mean(map(float, known)) if known else None


def _rank(values: Sequence[float], part: float) -> float | None:
    """The nearest rank: the smallest value with so many at it or below."""
    return sorted(values)[math.ceil(part * len(values)) - 1] if values else None
