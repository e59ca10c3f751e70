"""Who is told what in a test: what a file says of it, and the simulation that it is compared with."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import Field

from shared.alerts.dispatching import Episode, Notification, Plan, dispatch
from shared.alerts.escalation import Contact, Directory, EscalationPolicy, OnCallSchedule
from shared.alerts.instances import AlertInstance, AlertState
from shared.alerts.routing import MatcherText, Routing, Silence, default_routing, subject_of, walk_routes
from shared.alerts.routing.model import Duration
from shared.alerts.telling import NoticeKind
from shared.alerts.testing.part import Labelling, Part


class Tellings(Part):
    """What operators set, as the API takes it; left out: groups by rule, told to nobody."""

    routing: Routing = Field(default_factory=default_routing)
    policies: list[EscalationPolicy] = Field(default_factory=list)
    schedules: list[OnCallSchedule] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)

    def unknown(self) -> Iterator[str]:
        """Whom routes, policies and schedules name and the file does not have. Channels it need not have."""
        routes = [route for _, route in walk_routes(self.routing)]
        policies, schedules, people = (
            {each.id for each in listed} for listed in (self.policies, self.schedules, self.contacts)
        )
        yield from (f"policy {route.policy}" for route in routes if route.policy and route.policy not in policies)
        steps = [step for policy in self.policies for step in policy.steps]
        for target in (
            each
            for telling in (*(route.notify or () for route in routes), *(step.targets for step in steps))
            for each in telling
        ):
            if (target.schedule and target.schedule not in schedules) or (
                target.person and target.person not in people
            ):
                yield str(target)
        for schedule in self.schedules:
            named = [person for layer in schedule.layers for person in layer.people]
            named += [override.person for override in schedule.overrides]
            yield from (f"person {each}" for each in named if each not in people)


class NamedAlert(Part):
    """An alert, by its rule and labels."""

    rule: str
    labels: Labelling = Field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}{{{','.join(f'{name}={value}' for name, value in sorted(self.labels.items()))}}}"


class Silenced(Part):
    """What is silenced from `at` until before `until`."""

    matchers: tuple[MatcherText, ...] = Field(min_length=1)
    at: Duration
    until: Duration


class Acknowledgement(NamedAlert):
    """Somebody takes an alert that fires at this time; at that of an evaluation, right after it."""

    at: Duration
    by: str = "somebody"


class ExpectedNotification(Part):
    """Who is told at this time: channels by their ids, people as `ann/mail`. Alerts that are left out are not compared."""

    at: Duration
    to: list[str]
    kind: NoticeKind = NoticeKind.FIRING
    firing: list[NamedAlert] | None = None
    resolved: list[NamedAlert] | None = None


@dataclass(frozen=True)
class Message:
    """A notification, in the words of the file."""

    to: frozenset[str]
    kind: NoticeKind
    firing: frozenset[str]
    resolved: frozenset[str]

    def __str__(self) -> str:
        alerts = [
            *(f"{each} fires" for each in sorted(self.firing)),
            *(f"{each} is over" for each in sorted(self.resolved)),
        ]
        return f"{', '.join(sorted(self.to)) or 'nobody'} is told ({self.kind}): {', '.join(alerts)}"

    def fits(self, expected: ExpectedNotification) -> bool:
        """Whether it is what was expected."""
        lists = ((expected.firing, self.firing), (expected.resolved, self.resolved))
        alike = all(wanted is None or set(map(str, wanted)) == told for wanted, told in lists)
        return alike and (self.to, self.kind) == (frozenset(expected.to), expected.kind)


def told_of(expected: ExpectedNotification) -> str:
    """What was expected, in the words of a message."""
    firing, resolved = (frozenset(map(str, each or ())) for each in (expected.firing, expected.resolved))
    return str(Message(frozenset(expected.to), expected.kind, firing, resolved))


_MINUTE = timedelta(minutes=1)
"""Between two looks of `evaluate_alerts`, if nothing is due before."""


@dataclass
class Simulation:
    """Routing and escalation on a simulated clock, from `start` on."""

    start: datetime
    tellings: Tellings
    silences: Sequence[Silenced] = ()
    _known: dict[str, AlertInstance] = field(default_factory=dict)
    _episodes: dict[str, Episode] = field(default_factory=dict)

    def moments(self, elapsed: timedelta, end: timedelta, answers: Collection[timedelta] = ()) -> Iterator[timedelta]:
        """When there is a look from an evaluation on until before `end`: then, every minute, whenever something is due of what
        was looked at, and at the times of `answers`."""
        moment = elapsed
        while moment < end:
            yield moment
            due = [self._next_at(moment), *(each for each in answers if each > moment)]
            minute = (moment // _MINUTE + 1) * _MINUTE
            moment = min([minute, *(each for each in due if each is not None)])

    def _next_at(self, elapsed: timedelta) -> timedelta | None:
        """When a group has something to do next."""
        times = (episode.next_at(self.start + elapsed) for episode in self._episodes.values())
        return min((each - self.start for each in times if each is not None), default=None)

    def look(self, alerts: Collection[AlertInstance], elapsed: timedelta) -> list[Message]:
        """What is told at this time. `alerts` are all that are open, and those that have just ended."""
        self._known |= {alert.id: alert for alert in alerts}
        done = dispatch(self._plan(elapsed), self._episodes, self._known.values(), self.start + elapsed)
        messages = [self._message(each) for each in done.notifications]
        after = {**self._episodes, **done.episodes}
        self._episodes = {key: episode for key, episode in after.items() if episode is not None}
        members = {member for episode in self._episodes.values() for member in episode.group.members}
        self._known = {key: alert for key, alert in self._known.items() if alert.is_open or key in members}
        return messages

    def _plan(self, elapsed: timedelta) -> Plan:
        policies = {each.id: each for each in self.tellings.policies}
        contacts = {each.id: each for each in self.tellings.contacts}
        schedules = {each.id: each for each in self.tellings.schedules}
        silences = tuple(self._silences(elapsed))
        return Plan(self.tellings.routing, silences, policies, Directory(contacts, schedules))

    def _silences(self, elapsed: timedelta) -> Iterator[Silence]:
        for number, each in enumerate(self.silences):
            if each.at <= elapsed < each.until:
                yield Silence(
                    id=str(number),
                    matchers=each.matchers,
                    starts_at=self.start + each.at,
                    ends_at=self.start + each.until,
                    owner="test",
                    created_at=self.start,
                )

    def _message(self, notification: Notification) -> Message:
        to = frozenset(map(str, notification.addresses))
        firing, resolved = (
            frozenset(subject_of(self._known[each]) for each in ids)
            for ids in (notification.firing, notification.resolved)
        )
        return Message(to, notification.kind, firing, resolved)


def acknowledged(
    alerts: Mapping[str, Sequence[AlertInstance]], taken: Sequence[Acknowledgement], start: datetime, elapsed: timedelta
) -> dict[str, list[AlertInstance]]:
    """The alerts of every rule, with those acknowledged that somebody takes at this time."""
    names = {str(each): each.by for each in taken if each.at == elapsed}

    def after(alert: AlertInstance) -> AlertInstance:
        by = names.get(subject_of(alert))
        if by is None or alert.state is not AlertState.FIRING:
            return alert
        return alert.acknowledge(start + elapsed, by, "")

    return {rule: [after(alert) for alert in found] for rule, found in alerts.items()}
