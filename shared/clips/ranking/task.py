"""Task: what is to be ranked, and what has been measured of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.clips.candidates import candidates
from shared.clips.material import Material, Span, Unit
from shared.clips.ranking.features import FEATURES
from shared.clips.ranking.measuring import measured
from shared.clips.ranking.opening import hooks
from shared.clips.ranking.speech import Speech
from shared.clips.ranking.weights import Weights
from shared.clips.ranking.wish import read_wish
from shared.prompts import ClipRequest

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Task:
    """A recording to be ranked, for whose request, by which weights."""

    material: Material
    request: ClipRequest
    weights: Weights

    @cached_property
    def speech(self) -> Speech:
        """The words of the recording, counted for this request."""
        return Speech(self.material, read_wish(self.request))

    @cached_property
    def candidates(self) -> tuple[Span, ...]:
        """Every stretch of whole sentences and scenes of the length that was asked for."""
        return candidates(self.material, *self.request.duration)

    @cached_property
    def openings(self) -> tuple[float, ...]:
        """How well each unit of the material would open a clip, 0 to 1."""
        return tuple(float(each) for each in hooks(self.speech))

    @cached_property
    def strengths(self) -> tuple[float, ...]:
        """How much each unit of the material carries by itself: as an opening, by what it says that is rare, by what the prompt
        names or calls for."""
        return tuple(
            opening + self._rare(unit) + self._wished_for(unit)
            for opening, unit in zip(self.openings, self.material.units, strict=True)
        )

    @cached_property
    def worths(self) -> tuple[float, ...]:
        """What the weights make of every candidate, above 0 and below 1."""
        import numpy as np

        weighted = self._features @ np.array([self.weights.values.get(name, 0.0) for name in FEATURES])
        return tuple(float(each) for each in 1 / (1 + np.exp(-np.clip(self.weights.bias + weighted, -60.0, 60.0))))

    def allows(self, spans: Sequence[Span]) -> bool:
        """Whether nothing comes up in a moment that the prompt excludes."""
        barred = self.speech.avoided.of
        return all(barred[last] == barred[first] for first, last in map(self.material.word_range, spans))

    def features(self, moments: Sequence[Sequence[Span]]) -> list[Mapping[str, float]]:
        """The features of each moment, given by its spans: of these the mean, by their words; its hook is that of the first."""
        import numpy as np

        flat = [span for spans in moments for span in spans]
        rows = measured(self.speech, (*self.candidates, *flat), self.request.duration)[len(self.candidates) :]
        found: list[Mapping[str, float]] = []
        for spans in moments:
            own, rows = rows[: len(spans)], rows[len(spans) :]
            words = [last - first for first, last in map(self.material.word_range, spans)]
            mean = dict(zip(FEATURES, np.average(own, axis=0, weights=words), strict=True))
            mean["hook"] = own[0][list(FEATURES).index("hook")]
            found.append({name: round(float(value), 4) for name, value in mean.items()})
        return found

    def _rare(self, unit: Unit) -> float:
        rare = self.speech.weight.of
        return float(rare[unit.last_word] - rare[unit.first_word]) / max(unit.last_word - unit.first_word, 1)

    def _wished_for(self, unit: Unit) -> float:
        wish = self.speech.wish
        named = any(stem in wish.topics for stem in self.speech.terms[unit.first_word : unit.last_word])
        most = max(wish.intents.values(), default=0.0)
        heard = (self.speech.cues(name) for name, weight in wish.intents.items() if weight == most)
        return float(named) + float(any(cues.of[unit.last_word] > cues.of[unit.first_word] for cues in heard))

    @cached_property
    def _features(self) -> "np.ndarray":
        return measured(self.speech, self.candidates, self.request.duration)
