"""Concepts: what words are about, by a lexicon of its own, `words/concepts.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.analysis.wording import stem
from shared.core.declared import read_declared

_NEAR = 0.35
"""What a word counts for the concepts that are near its own."""


class _Concept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    near: frozenset[str]
    words: frozenset[str]


@cache
def concept_names() -> tuple[str, ...]:
    """All concepts, in their order."""
    return tuple(_concepts())


@cache
def concepts_of() -> Mapping[str, Mapping[int, float]]:
    """For the stem of every word of the lexicon the concepts that it speaks of, by place, and how much: of length 1 together."""
    place = {name: number for number, name in enumerate(concept_names())}
    found: dict[str, dict[int, float]] = {}
    for name, concept in _concepts().items():
        for word in concept.words:
            weights = found.setdefault(stem(word), {})
            weights[place[name]] = 1.0
            for near in concept.near:
                weights[place[near]] = max(weights.get(place[near], 0.0), _NEAR)
    return {root: _of_length_1(weights) for root, weights in found.items()}


def _of_length_1(weights: Mapping[int, float]) -> Mapping[int, float]:
    length = sum(weight**2 for weight in weights.values()) ** 0.5
    return {place: weight / length for place, weight in weights.items()}


@cache
def _concepts() -> Mapping[str, _Concept]:
    told = read_declared(Path(__file__).parent.parent / "words" / "concepts.yaml")
    return {name: _Concept.model_validate(concept) for name, concept in told.items()}
