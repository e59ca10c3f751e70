"""Inhibition: while one alert fires, others that follow from it are told to nobody."""

from collections.abc import Collection, Mapping

from pydantic import Field

from shared.alerts.routing.indexing import MatcherIndex
from shared.alerts.routing.matching import MatcherText, match_all
from shared.alerts.routing.model import SettingsModel

Labels = Mapping[str, str]


class Inhibition(SettingsModel):
    """While an alert that matches `source` fires, those that match `target` and have the same values of `equal` are told to
    nobody. A label that neither of the two has is equal. An alert that matches both sides is not inhibited by such another:
    two would silence each other."""

    source: tuple[MatcherText, ...] = Field(min_length=1, max_length=20)
    target: tuple[MatcherText, ...] = Field(min_length=1, max_length=20)
    equal: tuple[str, ...] = Field(default=(), max_length=10)


class Inhibitor:
    """Which of the alerts that fire hold which others back."""

    def __init__(self, rules: Collection[Inhibition], firing: Mapping[str, Labels]) -> None:
        """`firing` has the labels of every alert that fires, acknowledged or not, by its id."""
        sources = MatcherIndex((rule.source, _Rule(rule)) for rule in rules)
        found = [(alert_id, labels, rule) for alert_id, labels in firing.items() for rule in sources.matching(labels)]
        for alert_id, labels, rule in sorted(found, key=lambda each: each[0], reverse=True):
            rule.add(alert_id, labels)
        self._targets = MatcherIndex(
            (rule.inhibition.target, rule) for rule in dict.fromkeys(each[2] for each in found)
        )

    def inhibited_by(self, labels: Labels) -> str | None:
        """The id of an alert that holds one with these labels back, the first of them; None if there is none."""
        sources = (rule.source_for(labels) for rule in self._targets.matching(labels))
        return min((source for source in sources if source is not None), default=None)


class _Rule:
    """An inhibition with the alerts that are its sources, by their values of the labels that must be equal."""

    def __init__(self, inhibition: Inhibition) -> None:
        self.inhibition = inhibition
        self._sources: dict[tuple[str, ...], str] = {}
        self._one_sided: dict[tuple[str, ...], str] = {}

    def add(self, alert_id: str, labels: Labels) -> None:
        """Another source; it goes before those that were added before it."""
        self._sources[self._values(labels)] = alert_id
        if not match_all(self.inhibition.target, labels):
            self._one_sided[self._values(labels)] = alert_id

    def source_for(self, labels: Labels) -> str | None:
        """What holds back an alert that matches the target."""
        both = match_all(self.inhibition.source, labels)
        return (self._one_sided if both else self._sources).get(self._values(labels))

    def _values(self, labels: Labels) -> tuple[str, ...]:
        return tuple(labels.get(name, "") for name in self.inhibition.equal)
