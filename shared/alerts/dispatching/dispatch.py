"""Dispatch: one look at all alerts, and all that has to be told because of it. Pure: no clock, no database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.alerts.dispatching.episode import Episode, Notification, Plan, key_of, worst
from shared.alerts.dispatching.holding import Holds, Suppressions
from shared.alerts.escalation import Address, Escalation, Outcome, Page, Reach, begin_escalation, escalate
from shared.alerts.instances import AlertInstance, AlertState
from shared.alerts.routing import (
    FIRING,
    Destination,
    Group,
    Notice,
    RoutingTree,
    fingerprint_of,
    flush,
    group_id,
    open_group,
    routing_labels,
)
from shared.alerts.telling import NoticeKind


@dataclass(frozen=True)
class Dispatched:
    """What comes of a look: the groups that are not as they were (None: gone), what is told, and what holds back each alert that
    fires."""

    episodes: Mapping[str, Episode | None]
    notifications: tuple[Notification, ...]
    suppressions: Suppressions


@dataclass(frozen=True)
class _Arrival:
    """The alerts of a group that fire, and where they arrive."""

    destination: Destination
    labels: Mapping[str, str]
    alerts: list[AlertInstance] = field(default_factory=list)


def dispatch(
    plan: Plan, episodes: Mapping[str, Episode], alerts: Collection[AlertInstance], at: datetime
) -> Dispatched:
    """`episodes` are all groups that there are, by their ids; `alerts` all that are open, and all members of the groups."""
    known = {alert.id: alert for alert in alerts}
    firing = [alert for alert in known.values() if alert.state in FIRING]
    tree, holds = plan.routing.tree(), Holds(plan, firing, at)
    routes = {alert.id: tree.destinations(routing_labels(alert)) for alert in firing}
    arrivals = _arrivals(firing, routes)
    after: dict[str, Episode | None] = {}
    told: list[Notification] = []
    for key in sorted({*arrivals, *episodes}):
        before = episodes.get(key)
        arrival = arrivals.get(key) or (before and _without_alerts(tree, before))
        look = _Look(plan, holds, arrival, at) if arrival else None
        episode = look.follow(before, known) if look else None  # Its route is gone, and its alerts arrive elsewhere.
        told += look.told if look else ()
        if episode != before:
            after[key] = episode
    suppressions = {alert.id: holds.everywhere(alert, routes[alert.id]) for alert in firing}
    return Dispatched(after, tuple(told), suppressions)


def _arrivals(firing: Collection[AlertInstance], routes: Mapping[str, Sequence[Destination]]) -> dict[str, _Arrival]:
    arrivals: dict[str, _Arrival] = {}
    for alert in firing:
        for destination in routes[alert.id]:
            labels = destination.group_labels(routing_labels(alert))
            arrival = arrivals.setdefault(group_id(destination, labels), _Arrival(destination, labels))
            arrival.alerts.append(alert)
    return arrivals


def _without_alerts(tree: RoutingTree, episode: Episode) -> _Arrival | None:
    destination = tree.at_path(episode.group.path)
    return _Arrival(destination, episode.group.labels) if destination is not None else None


class _Look:
    """A look at one group; `told` is what comes of it."""

    def __init__(self, plan: Plan, holds: Holds, arrival: _Arrival, at: datetime) -> None:
        self._plan, self._holds, self._arrival, self._at = plan, holds, arrival, at
        self._number = 0
        self._audience: tuple[Address, ...] = ()
        self.told: list[Notification] = []

    def follow(self, before: Episode | None, known: Mapping[str, AlertInstance]) -> Episode | None:
        """The episode after the look; None when it is over."""
        destination, firing = self._arrival.destination, self._arrival.alerts
        group = before.group if before else open_group(destination, self._arrival.labels, firing, self._at)
        over = [known[each] for each in group.members if each in known and known[each].state not in FIRING]
        held = self._holds.held(destination, [*firing, *over])
        self._number, self._audience = (before.number, before.audience) if before else (0, ())
        escalation = before.escalation if before else None
        following, notice = flush(group, destination, [*firing, *over], held, self._at)
        if notice is not None:
            self._notify(group, notice, escalation)
        if following is None:
            return None
        audible = [alert for alert in firing if alert.id not in held and fingerprint_of(alert) in following.known]
        escalation = self._escalate(following, escalation, firing, audible, repeated=notice is not None)
        return Episode(group=following, escalation=escalation, number=self._number, audience=self._audience)

    def _notify(self, group: Group, notice: Notice, escalation: Escalation | None) -> None:
        """Tell those whom the route names; and that all is over, everybody whom the route or a policy has told that it was not,
        though somebody else be on call by now."""
        destination, severity = self._arrival.destination, worst(notice.firing or notice.resolved)
        reach = self._plan.directory.reach(destination.notify, severity, self._at)
        if notice.firing:
            self._audience = tuple(dict.fromkeys((*self._audience, *reach.addresses)))
        else:
            paged = escalation.paged if escalation is not None else ()
            reach = Reach(tuple(dict.fromkeys((*reach.addresses, *self._audience, *paged))), reach.missed)
        if not reach.addresses and not reach.missed and destination.policy is not None:
            return  # The policy tells.
        if not destination.notify and destination.policy is None:
            reach = Reach((), (f"the route {destination.path} names nobody",))
        kind = NoticeKind.FIRING if notice.firing else NoticeKind.RESOLVED
        self._tell(group, kind, notice, reach)

    def _escalate(
        self,
        group: Group,
        escalation: Escalation | None,
        firing: Sequence[AlertInstance],
        audible: Sequence[AlertInstance],
        *,
        repeated: bool,
    ) -> Escalation | None:
        """Go on with the group's escalation, stop it, or begin one. While all is held back it waits."""
        policy = self._plan.policies.get(self._arrival.destination.policy or "")
        unanswered = [alert for alert in audible if alert.state is AlertState.FIRING]
        if escalation is not None and escalation.is_active:
            if outcome := _outcome(firing):
                return escalation.end(outcome, self._at)
            if policy is None or policy.id != escalation.policy:
                escalation = escalation.end(Outcome.WITHDRAWN, self._at)
        if policy is None or not unanswered:
            return escalation
        if escalation is None or _may_begin_again(escalation, repeated=repeated):
            escalation = begin_escalation(policy, self._at, escalation)
        severity = worst(unanswered)
        following, pages = escalate(
            escalation, policy, self._at, lambda step: self._plan.directory.reach(step.targets, severity, self._at)
        )
        for page in pages:
            self._tell(group, NoticeKind.ESCALATION, Notice(tuple(unanswered), ()), page.reach, page)
        return following

    def _tell(self, group: Group, kind: NoticeKind, notice: Notice, reach: Reach, page: Page | None = None) -> None:
        self._number += 1
        turn = {"policy": page.policy, "step": page.step, "round": page.round} if page else {}
        self.told.append(
            Notification(
                key=key_of(group, kind, self._number),
                group=group.id,
                labels=group.labels,
                kind=kind,
                number=self._number,
                at=self._at,
                severity=worst(notice.firing or notice.resolved),
                firing=tuple(alert.id for alert in notice.firing),
                resolved=tuple(alert.id for alert in notice.resolved),
                addresses=reach.addresses,
                missed=reach.missed,
                **turn,
            )
        )


def _outcome(firing: Collection[AlertInstance]) -> Outcome | None:
    """How an escalation has ended that is for these alerts; None if somebody still has to answer."""
    if not firing:
        return Outcome.RESOLVED
    return None if any(alert.state is AlertState.FIRING for alert in firing) else Outcome.ACKNOWLEDGED


def _may_begin_again(escalation: Escalation, *, repeated: bool) -> bool:
    """One that ended well may when there is something new to answer; one that nobody answered, when the group is told again."""
    return not escalation.is_active and (repeated or escalation.outcome is not Outcome.EXHAUSTED)
