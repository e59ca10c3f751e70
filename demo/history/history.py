"""A history: people's work over months, as the events that their clients send, by time."""

from bisect import bisect
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from heapq import merge
from itertools import accumulate
from random import Random

from demo.history.anomalies import Anomaly, Troubles, plan_anomalies
from demo.history.business import business_events
from demo.history.identifiers import random_id
from demo.history.people import Person, make_people
from demo.history.planted import Planted, Tally
from demo.history.session import Event, Session, Sitting
from shared.core.clock import now

_DAY_MS = 86_400_000.0
_APART_MS = 720_000.0
"""Between sessions without an id of the same person: more than what ends a session."""
_HOURS = tuple(accumulate((2, 1, 1, 1, 1, 1, 2, 4, 7, 10, 11, 10, 9, 10, 11, 11, 10, 9, 9, 10, 10, 8, 5, 3)))
"""How busy the hours of a person's day are, each with all before."""
_WEEKDAYS = (1.05, 1.1, 1.1, 1.05, 1.0, 0.75, 0.7)
_GROWTH = 0.3
"""How many more there are at the end than at the beginning."""


class History:
    """Exactly `events` events of `users` people in the `days` before `end`: the same ones for the same arguments.

    Iterating gives (user_id, event) by the event's time; an event is the JSON that POST /v1/events takes. Every iteration
    makes them anew, a day at a time. `end` is the last full hour unless given."""

    def __init__(
        self, seed: int = 1, events: int = 1_000_000, users: int = 2_000, days: int = 90, end: datetime | None = None
    ) -> None:
        self.seed, self.events, self.users, self.days = seed, events, users, days
        self.end = end or now().replace(minute=0, second=0, microsecond=0)
        self.start = self.end - timedelta(days=days)
        self.anomalies: tuple[Anomaly, ...] = plan_anomalies(self.start, self.end)

    def __iter__(self) -> Iterator[tuple[str, Event]]:
        for at, person, event in self._timed(Tally()):
            event["timestamp"] = (self.start + timedelta(milliseconds=at)).isoformat(timespec="milliseconds")
            yield person.user_id, event

    @cached_property
    def planted(self) -> tuple[Planted, ...]:
        """The planted patterns with their counts, the most frequent first. Makes the whole history once to count them."""
        tally = Tally()
        for _ in self._timed(tally):
            pass
        return tally.planted()

    def _timed(self, tally: Tally) -> Iterator[tuple[float, Person, Event]]:
        """The events with their milliseconds since the start, by time."""
        maker = _Maker(self)
        pending: list[tuple[float, Person, Event]] = []
        for day, quota in enumerate(self._quotas()):
            made = []
            for session in maker.sessions(day, quota):
                tally.count(session)
                made += [(at, session.person, event) for at, event in session.events]
            made.sort(key=_time)
            pending = list(merge(pending, made, key=_time))
            midnight = (day + 1) * _DAY_MS
            cut = bisect(pending, midnight, key=_time) if day + 1 < self.days else len(pending)
            yield from pending[:cut]
            pending = pending[cut:]

    def _quotas(self) -> list[int]:
        """How many events the sessions that begin on each day have; they sum up to all."""
        weights = [
            _WEEKDAYS[(self.start + timedelta(days=day, hours=12)).weekday()] * (1 + _GROWTH * day / self.days)
            for day in range(self.days)
        ]
        whole, quotas, before = sum(weights), [], 0.0
        for weight in weights:
            quotas.append(round(self.events * (before + weight) / whole) - round(self.events * before / whole))
            before += weight
        return quotas


class _Maker:
    """Makes the sessions of one day after the other."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._dice = Random(history.seed)
        self._people, self._activity = make_people(history.users, self._dice)
        self._troubles = Troubles(history.anomalies, history.start)
        self._unnamed: dict[str, list[tuple[float, float]]] = {}
        """When people were at work without a session's id, today and yesterday."""

    def sessions(self, day: int, quota: int) -> Iterator[Session]:
        """Sessions that begin on that day, with `quota` events in all."""
        yesterday = (day - 1) * _DAY_MS
        kept = {user: [span for span in spans if span[1] >= yesterday] for user, spans in self._unnamed.items()}
        self._unnamed = {user: spans for user, spans in kept.items() if spans}
        while quota > 0:
            session = self._session(day)
            if session is None:
                continue
            del session.events[quota:]
            quota -= len(session.events)
            told = sum(event["eventType"] == "operation" for _, event in session.events)
            del session.operations[told:]
            self._set_apart(session)
            yield session

    def _session(self, day: int) -> Session | None:
        """Somebody's session; None if they were not there or not able to."""
        dice, history = self._dice, self._history
        person = self._people[bisect(self._activity, dice.random() * self._activity[-1])]
        hour = bisect(_HOURS, dice.random() * _HOURS[-1]) - person.zone
        start = day * _DAY_MS + ((hour - history.start.hour) % 24 + dice.random()) * 3_600_000.0
        part = start / (history.days * _DAY_MS)
        if not person.is_here(part) or self._troubles.strength(start, "silence", person.platform):
            return None
        work = person.works[bisect(person.tastes, dice.random() * person.tastes[-1])]
        if not work.is_done(part):
            return None
        session = Sitting(person, work, start, part, dice, self._troubles).run()
        business_events(session, part, dice)
        self._keep_before_end(session)
        return session

    def _keep_before_end(self, session: Session) -> None:
        """Move a session that would end after the history back."""
        over = max(at for at, _ in session.events) - self._history.days * _DAY_MS
        if over > 0:
            session.start -= over
            session.end -= over
            session.events = [(at - over, event) for at, event in session.events]

    def _set_apart(self, session: Session) -> None:
        """Give a session without an id one, if without it it could not be told from another of the same person."""
        if session.session_id:
            return
        spans = self._unnamed.setdefault(session.person.user_id, [])
        if all(session.start > end + _APART_MS or session.end + _APART_MS < start for start, end in spans):
            spans.append((session.start, session.end))
            return
        session.session_id = random_id(self._dice)
        for _, event in session.events:
            if event["eventType"] not in ("business", "error"):
                event["context"]["sessionId"] = session.session_id


def _time(timed: tuple[float, Person, Event]) -> float:
    return timed[0]
