"""Weights: how much each feature counts. They are what learning from results changes."""

from collections.abc import Mapping
from functools import cache
from math import exp
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from shared.clips.ranking.features import FEATURES, UNKNOWN
from shared.core.declared import read_declared
from shared.core.documents import StoredPart


class Weights(StoredPart):
    """A logistic model over features: `score` is 1 / (1 + e^-(bias + sum of weight times feature)).

    `values`: the weight of each feature by name; one that is not named counts for nothing. Raises ValueError for the name of
    no feature."""

    bias: float = 0.0
    values: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_features(self) -> Self:
        if unknown := self.values.keys() - FEATURES.keys():
            raise ValueError(f"There is no feature {min(unknown)}. There are: {', '.join(FEATURES)}.")
        return self

    def score(self, features: Mapping[str, float]) -> float:
        """How good a moment with these features is thought to be, above 0 and below 1."""
        total = sum(weight * features.get(name, UNKNOWN) for name, weight in self.values.items())
        return 1 / (1 + exp(-max(-60.0, min(60.0, self.bias + total))))


def default_weights(category: str | None = None) -> Weights:
    """The weights that learning starts from: those of a category of prompts, such as "funny", or the general ones."""
    table = _table()
    return table.get(category or "", table["general"])


@cache
def _table() -> Mapping[str, Weights]:
    raw = read_declared(Path(__file__).with_name("weights.yaml"))
    general: dict[str, float] = raw["general"]
    middle: float = raw["middle"]
    categories = {"general": {}} | raw["categories"]
    tables = {name: general | changes for name, changes in categories.items()}
    return {name: Weights(bias=-middle * sum(values.values()), values=values) for name, values in tables.items()}
