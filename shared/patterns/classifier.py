"""Classifier: which kind of work features speak for. A naive Bayes model, small enough to be explained feature by feature.

It is counted from sessions whose sender names the type (`stated_sessions.sql`), on top of what `workflow_types.yaml` knows
beforehand. Features are present or not; only present ones count: that something was not done says little of a part of a session.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.core.declared import read_declared
from shared.events import run_query
from shared.patterns.classification import Classification, Evidence
from shared.patterns.learning import learning

STATED = "stated"
_HERE = Path(__file__).parent
_MOST_EVIDENCE = 6
_SMOOTHING = 1.0
_FAMILIES = ("operation", "output", "kind", "size")
_TIMEOUT = 60.0


@dataclass(frozen=True)
class Example:
    """Sessions that look alike, and the type that they are said to be."""

    type: str
    features: frozenset[str]
    sessions: int
    users: int


class _Least(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sessions: int = Field(ge=1)
    users: int = Field(ge=1)


class _Known(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    trust: int = Field(ge=0)
    least: _Least
    not_types: list[str]
    types: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Classifier:
    """How often each feature is there in sessions of a type; `sessions` of it in all. Both with what was known beforehand."""

    sessions: Mapping[str, float]
    counts: Mapping[str, Mapping[str, float]]
    looked: Mapping[str, Mapping[str, float]]
    """Sessions of a type in which a family of features was looked at: what was known beforehand does not speak of all."""

    @classmethod
    def of(cls, examples: Iterable[Example]) -> "Classifier":
        """Count the examples. A type that too few sessions or users name, and that is not known beforehand, is not learned."""
        known, seen = _known(), list(examples)
        said, users = Counter[str](), Counter[str]()
        for each in seen:
            said[each.type] += each.sessions
            # Groups share their users: the largest group is what is certain.
            users[each.type] = max(users[each.type], each.users)
        learned = {name for name in said if said[name] >= known.least.sessions and users[name] >= known.least.users}
        sessions = {name: float(known.trust) for name in known.types}
        counts: dict[str, dict[str, float]] = {
            name: {feature: percent / 100 * known.trust for feature, percent in features.items()}
            for name, features in known.types.items()
        }
        looked = {
            name: dict.fromkeys(map(_family, features), float(known.trust)) for name, features in known.types.items()
        }
        for each in seen:
            if each.type in learned:
                sessions[each.type] = sessions.get(each.type, 0.0) + each.sessions
                _add(counts.setdefault(each.type, {}), each.features, each.sessions)
                _add(looked.setdefault(each.type, {}), _FAMILIES, each.sessions)
        return cls(sessions, counts, looked)

    def classify(self, features: Iterable[str], stated: Mapping[str, int] | None = None) -> Classification:
        """The likeliest type of what has these features; `stated`: how many of its sessions are said to be of which type."""
        present = sorted(set(features))
        said = {name: count for name, count in (stated or {}).items() if name in self.sessions}
        # What senders say of just this counts more than all features together that would be as telling.
        whole, trusted = sum(self.sessions.values()), 1 + len(present)
        scores = {
            name: log(count / whole)
            + sum(log(self._rate(name, feature)) for feature in present)
            + (trusted * log(_share(said, name, len(self.sessions))) if said else 0.0)
            for name, count in self.sessions.items()
        }
        best = max(scores, key=lambda name: (scores[name], name))
        highest = scores[best]
        probability = 1 / sum(exp(score - highest) for score in scores.values())
        return Classification(
            type=best, probability=round(probability, 4), evidence=self._evidence(best, present, said)
        )

    def _evidence(self, best: str, features: Sequence[str], said: Mapping[str, int]) -> tuple[Evidence, ...]:
        found = []
        for feature in features:
            ratio = self._rate(best, feature) / self._elsewhere(best, feature)
            here, elsewhere = 100 * self._rate(best, feature), 100 * self._elsewhere(best, feature)
            told = f"{_words(feature)}: {here:.0f} % of {_words(best)} has it, {elsewhere:.0f} % of other work"
            found.append(Evidence(feature=feature, weight=round(log(ratio), 3), told=told))
        if said:
            all_said = sum(said.values())
            share = _share(said, best, len(self.sessions))
            told = f"{said.get(best, 0)} of {all_said} sessions that name a type say {_words(best)}"
            weight = (1 + len(features)) * log(share * len(self.sessions))
            found.append(Evidence(feature=STATED, weight=round(weight, 3), told=told))
        return tuple(sorted(found, key=lambda each: (-abs(each.weight), each.feature))[:_MOST_EVIDENCE])

    def _rate(self, name: str, feature: str) -> float:
        """How often sessions of the type have the feature; where little is known of that, as often as those of all types."""
        usual = self._pooled(feature, self.sessions)
        count, looked = self.counts[name].get(feature, 0.0), self.looked[name].get(_family(feature), 0.0)
        return (count + _SMOOTHING * usual) / (looked + _SMOOTHING)

    def _elsewhere(self, name: str, feature: str) -> float:
        return self._pooled(feature, [other for other in self.sessions if other != name])

    def _pooled(self, feature: str, names: Iterable[str]) -> float:
        """How often sessions of these types have the feature: never 0, never 1."""
        of_them = list(names)
        count = sum(self.counts[name].get(feature, 0.0) for name in of_them)
        looked = sum(self.looked[name].get(_family(feature), 0.0) for name in of_them)
        return (count + _SMOOTHING) / (looked + 2 * _SMOOTHING)


def stated_examples(start: datetime, end: datetime) -> list[Example]:
    """The sessions of [start, end) whose sender names a type. Raises Unavailable."""
    parameters: dict[str, Any] = {"start": start, "end": end, "not_types": _known().not_types}
    rows = run_query(_HERE / "stated_sessions.sql", parameters, timeout=_TIMEOUT)
    return [
        Example(
            type=row["workflow_type"],
            features=frozenset(
                features_of(
                    (row["operations"] or "").split(),
                    outputs=(row["outputs"] or "").split(),
                    kinds=(row["kinds"] or "").split(),
                    sizes=(row["sizes"] or "").split(),
                )
            ),
            sessions=row["sessions"],
            users=row["users"],
        )
        for row in rows
    ]


def learned_classifier(at: datetime) -> Classifier:
    """The classifier of the last weeks before `at`. Raises Unavailable."""
    return Classifier.of(stated_examples(at - learning().classifier_period, at))


def accuracy(classifier: Classifier, examples: Iterable[Example]) -> tuple[float, float]:
    """The share of the examples' sessions that the classifier puts where their senders do, and the share that the most usual type
    alone would: what it has to beat."""
    right, said = 0, Counter[str]()
    for each in examples:
        said[each.type] += each.sessions
        right += each.sessions * (classifier.classify(each.features).type == each.type)
    if not said:
        raise ValueError("there are no examples to measure by")
    return right / said.total(), max(said.values()) / said.total()


def features_of(
    operations: Iterable[str],
    *,
    outputs: Iterable[str] = (),
    kinds: Iterable[str] = (),
    sizes: Iterable[str] = (),
) -> set[str]:
    """The features that the classifier knows, of work with these operations, output formats, kinds and sizes of sources."""
    named = zip(_FAMILIES, (operations, outputs, kinds, sizes), strict=True)
    return {f"{family}:{name}" for family, names in named for name in names}


def _add(counts: dict[str, float], features: Iterable[str], sessions: int) -> None:
    for feature in features:
        counts[feature] = counts.get(feature, 0.0) + sessions


def _family(feature: str) -> str:
    return feature.partition(":")[0]


def _share(said: Mapping[str, int], name: str, types: int) -> float:
    return (said.get(name, 0) + _SMOOTHING) / (sum(said.values()) + _SMOOTHING * types)


def _words(name: str) -> str:
    return name.partition(":")[2].replace("_", " ") or name.replace("_", " ")


@cache
def _known() -> _Known:
    return _Known.model_validate(read_declared(_HERE / "workflow_types.yaml"))
