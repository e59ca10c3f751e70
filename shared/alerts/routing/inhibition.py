"""Inhibition: while one alert fires, others that follow from it are told to nobody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pydantic import Field

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


@dataclass(frozen=True)
class _Sources:
    rule: Inhibition
    one_sided: Mapping[tuple[str, ...], str]
    all: Mapping[tuple[str, ...], str]


class Inhibitor:
    """Which of the alerts that fire hold which others back."""

    def __init__(self, rules: Collection[Inhibition], firing: Mapping[str, Labels]) -> None:
        """`firing` has the labels of every alert that fires, acknowledged or not, by its id."""
        self._sources = [_sources(rule, firing) for rule in rules]

    def inhibited_by(self, labels: Labels) -> str | None:
        """The id of an alert that holds one with these labels back; None if there is none."""
        for each in self._sources:
            if not match_all(each.rule.target, labels):
                continue
            sources = each.one_sided if match_all(each.rule.source, labels) else each.all
            if source := sources.get(_values(each.rule, labels)):
                return source
        return None


def _sources(rule: Inhibition, firing: Mapping[str, Labels]) -> _Sources:
    sources = {key: labels for key, labels in sorted(firing.items()) if match_all(rule.source, labels)}
    one_sided = {key: labels for key, labels in sources.items() if not match_all(rule.target, labels)}
    return _Sources(rule, _by_values(rule, one_sided), _by_values(rule, sources))


def _by_values(rule: Inhibition, alerts: Mapping[str, Labels]) -> dict[tuple[str, ...], str]:
    return {_values(rule, labels): key for key, labels in alerts.items()}


def _values(rule: Inhibition, labels: Labels) -> tuple[str, ...]:
    return tuple(labels.get(name, "") for name in rule.equal)
