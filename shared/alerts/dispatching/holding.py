"""Holding back: what keeps an alert from being told now, here or anywhere."""

from collections.abc import Collection, Mapping
from datetime import datetime

from shared.alerts.dispatching.episode import Plan
from shared.alerts.instances import AlertInstance
from shared.alerts.routing import Destination, Inhibitor, Silencer, routing_labels
from shared.alerts.telling import Hold, Suppression


class Holds:
    """What holds back which alert at one time."""

    def __init__(self, plan: Plan, firing: Collection[AlertInstance], at: datetime) -> None:
        self._plan, self._at = plan, at
        self._inhibitor = Inhibitor(plan.routing.inhibitions, {alert.id: routing_labels(alert) for alert in firing})
        self._silencer = Silencer(plan.silences, at)
        self._own: dict[str, tuple[Suppression, ...]] = {}
        self._muted: dict[str, str | None] = {}

    def own(self, alert: AlertInstance) -> tuple[Suppression, ...]:
        """The silences and the inhibition that hold it back everywhere."""
        if alert.id not in self._own:
            labels = routing_labels(alert)
            holds = [Suppression(by=Hold.SILENCE, id=each) for each in self._silencer.silenced_by(labels)]
            if source := self._inhibitor.inhibited_by(labels):
                holds.append(Suppression(by=Hold.INHIBITION, id=source))
            self._own[alert.id] = tuple(holds)
        return self._own[alert.id]

    def muted(self, destination: Destination) -> str | None:
        """The times that mute the destination."""
        if destination.path not in self._muted:
            self._muted[destination.path] = self._plan.routing.is_muted(destination, self._at)
        return self._muted[destination.path]

    def held(self, destination: Destination, alerts: Collection[AlertInstance]) -> set[str]:
        """The ids of those that are not told at this destination."""
        if self.muted(destination) is not None:
            return {alert.id for alert in alerts}
        return {alert.id for alert in alerts if self.own(alert)}

    def everywhere(self, alert: AlertInstance, destinations: Collection[Destination]) -> tuple[Suppression, ...]:
        """What keeps it from being told at any of the destinations where it arrives; nothing if it is told at one."""
        times = [self.muted(each) for each in destinations]
        muted = [name for name in times if name is not None]
        if len(muted) < len(times):
            return self.own(alert)
        return (*self.own(alert), *(Suppression(by=Hold.MUTE_TIME, id=name) for name in dict.fromkeys(muted)))


Suppressions = Mapping[str, tuple[Suppression, ...]]
"""By the id of the alert; those that nothing holds back have an empty one."""
