"""The recommender: all that was learned, in one piece, as it is stored and as it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from typing import Any, Literal

from shared.patterns.recommending.card import ModelCard
from shared.patterns.recommending.chains import Chain
from shared.patterns.recommending.choosing import MODELS
from shared.patterns.recommending.followers import Table, table_restored, table_state
from shared.patterns.recommending.model import Model, Ranked
from shared.patterns.recommending.own import Habit, OwnHistory, looked_at, personal
from shared.patterns.recommending.reasons import own_reason, reason_of
from shared.patterns.recommending.risks import Outcome
from shared.patterns.recommending.session import START
from shared.patterns.recommending.typical import Parameters

ALL = "all"
"""The platform of those of which too little is known."""
_FORMAT = 1

Source = Literal["model", "own", "prior"]


@dataclass(frozen=True)
class Recommendation:
    """An operation that may be run next, and why. Probabilities of a list sum to at most 1.

    `source` is `model` (what people did), `own` (mostly what this person did) or `prior` (nothing was learned yet)."""

    operation: str
    probability: float
    reason: str
    source: Source
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True)
class PlatformModel:
    """What serves a platform: the model, what followed what (for reasons), and the operations of one's own that it is worth."""

    model: Model
    followers: Table
    worth: float


@dataclass(frozen=True)
class Recommender:
    """All that was learned."""

    card: ModelCard
    platforms: Mapping[str, PlatformModel]
    parameters: Mapping[str, Parameters]
    outcomes: Mapping[tuple[str, str, str], Outcome]
    chains: Sequence[Chain]

    def recommend(
        self, workflow: Sequence[str], platform: str | None = None, own: OwnHistory | None = None, limit: int = 5
    ) -> list[Recommendation]:
        """The likeliest next operations of a workflow; of an empty one, the first."""
        served = self.platforms.get(platform or ALL) or self.platforms[ALL]
        habit = own.habit(workflow) if own else None
        ranked = personal(served.model.rank(workflow, looked_at(limit) if habit else limit), habit, served.worth)
        return [self._recommendation(each, workflow, served, habit) for each in ranked[:limit]]

    def _recommendation(
        self, ranked: Ranked, workflow: Sequence[str], served: PlatformModel, habit: Habit | None
    ) -> Recommendation:
        operation, probability = ranked
        parameters = self.parameters.get(operation, {})
        times = habit.counts.get(operation, 0) if habit else 0
        if habit and 2 * times > habit.total and times > 1:
            return Recommendation(operation, probability, own_reason(operation, habit), "own", parameters)
        reason = reason_of(operation, workflow, served.followers)
        return Recommendation(operation, probability, reason, "model", parameters)

    def document(self) -> dict[str, Any]:
        """The recommender as JSON."""
        return {
            "format": _FORMAT,
            "card": self.card.model_dump(mode="json", by_alias=True),
            "platforms": {name: _platform_state(served) for name, served in self.platforms.items()},
            "parameters": dict(self.parameters),
            "outcomes": [list(astuple(outcome)) for outcome in self.outcomes.values()],
            "chains": [{**asdict(chain), "operations": list(chain.operations)} for chain in self.chains],
        }

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> "Recommender":
        """The recommender that gave `document`. Raises ValueError if another release wrote it in another format."""
        if document["format"] != _FORMAT:
            raise ValueError(f"the model is of format {document['format']}; this release reads {_FORMAT}")
        outcomes = [Outcome(*each) for each in document["outcomes"]]
        return cls(
            ModelCard.model_validate(document["card"]),
            {name: _platform_restored(state) for name, state in document["platforms"].items()},
            document["parameters"],
            {outcome.key: outcome for outcome in outcomes},
            [Chain(**{**each, "operations": tuple(each["operations"])}) for each in document["chains"]],
        )


def _platform_state(served: PlatformModel) -> dict[str, Any]:
    items = sorted({item for context, each in served.followers.items() for item in (*context, *each.counts)} - {START})
    numbers = {item: number for number, item in enumerate(items)}
    return {
        "model": served.model.name,
        "state": served.model.state(),
        "items": items,
        "followers": table_state(served.followers, numbers),
        "worth": served.worth,
    }


def _platform_restored(state: dict[str, Any]) -> PlatformModel:
    kinds = {kind.name: kind for kind in MODELS}
    model = kinds[state["model"]].restored(state["state"])
    return PlatformModel(model, table_restored(state["followers"], state["items"]), state["worth"])
