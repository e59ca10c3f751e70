"""Measuring: the features of stretches of a recording, thousands at once."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import log, sqrt
from typing import TYPE_CHECKING

from shared.clips.material import Material, Span, Unit
from shared.clips.ranking.features import FEATURES, UNKNOWN
from shared.clips.ranking.opening import hooks, is_dangling
from shared.clips.ranking.sound import Track, covered, standing
from shared.clips.ranking.speech import Speech, Totals, totals
from shared.clips.ranking.wish import intents

if TYPE_CHECKING:
    import numpy as np

_PAUSE = 0.5
"""Seconds of silence that set a thought apart from the next."""
_BY_MEANING = 0.4
"""What likeness of meaning counts for, against finding the prompt's own words."""
_BY_THE_BEST = 3
"""The power of the mean of likeness: what answers a prompt is seldom all of what is said around it."""
_BRIEFLY = 0.4
"""How much less a stretch counts that names it and hardly speaks of it."""
_BESIDE = 0.6
"""How little a funny moment counts that is not about what the prompt names."""
_FADING = 0.25
"""How much less a sentence is about something that was named one sentence before."""
_OFTEN = 0.1
"""Cues a second that leave little doubt."""


def measured(speech: Speech, spans: Sequence[Span], duration: tuple[float, float]) -> "np.ndarray":
    """The features of every span, a row each: a column for each of FEATURES, in their order. Those that say how something stands
    "for this recording" compare it with the other spans."""
    return _Stretches(speech, spans, duration).measured()


class _Stretches:
    """Spans, as arrays of when and between which words they are."""

    def __init__(self, speech: Speech, spans: Sequence[Span], duration: tuple[float, float]) -> None:
        """`duration`: seconds that were asked for, from the least to the most."""
        import numpy as np

        material = speech.material
        gaps = np.array(spans, dtype=np.intp).reshape(-1, 2)
        self.spans = tuple(spans)
        self.speech = speech
        word_at = np.asarray(material.word_at, dtype=np.intp)
        self._first, self._last = word_at[gaps[:, 0]], word_at[gaps[:, 1]]
        closes = np.array([gap.closes for gap in material.edges.gaps])
        opens = np.array([gap.opens for gap in material.edges.gaps])
        self._start, self._end = closes[gaps[:, 0]], opens[gaps[:, 1]]
        self._length = np.maximum(self._end - self._start, 0.1)
        self._words = np.maximum(self._last - self._first, 1)
        self._units = _units_of(material, gaps)
        self._pauses = (closes - opens)[gaps]
        self._asked = duration

    def measured(self) -> "np.ndarray":
        import numpy as np

        known = self._said() | self._heard() | self._shaped()
        known["prompt_match"] = self._prompt_match()
        known["intent_match"] = self._intent_match(known)
        if self.speech.wish.intents and (
            self.speech.named or self.speech.wish.topics.keys() & self.speech.rarity.keys()
        ):
            known["intent_match"] *= 1.0 - _BESIDE + _BESIDE * known["prompt_match"]
        return np.asarray(np.clip(np.column_stack([known[name] for name in FEATURES]), 0.0, 1.0))

    def _said(self) -> dict[str, "np.ndarray"]:
        import numpy as np

        speech, first, last = self.speech, self._first, self._last
        mood = totals(speech.moods).between(first, last) / self._words
        squares = totals(speech.moods**2).between(first, last) / self._words
        strength = totals(np.abs(speech.moods)).between(first, last) / self._words
        return {
            "question": _saturated(speech.asking.between(first, last), 1.0),
            "numbers": _saturated(speech.figures.between(first, last), 2.0),
            "address": _saturated(speech.addressing.between(first, last), 3.0),
            "emotion": np.minimum(strength * 1.5, 1.0),
            "turn": np.minimum(np.sqrt(np.maximum(squares - mood**2, 0.0)) * 2.0, 1.0),
            "density": standing(speech.weight.between(first, last) / self._length),
            "pace": standing(self._words / self._length),
            "exchange": _saturated(_changes(speech.material).between(first, np.maximum(last - 1, first)), 2.0),
        }

    def _heard(self) -> dict[str, "np.ndarray"]:
        import numpy as np

        media = self.speech.material.media
        unknown = np.full(len(self.spans), UNKNOWN)
        if media is None:
            names = ("energy", "energy_change", "pitch_change", "reactions", "faces")
            return dict.fromkeys(names, unknown)
        energy, pitch = Track(media.energy), Track(media.pitch)
        until = self._end + 2.0  # People laugh after the joke.
        laughed = covered(media.reactions, self._start, until)
        seen = covered(media.faces, self._start, self._end) / self._length
        return {
            "energy": standing(energy.mean(self._start, self._end)),
            "energy_change": standing(energy.swing(self._start, self._end)),
            "pitch_change": standing(pitch.swing(self._start, self._end) / pitch.mean(self._start, self._end)),
            "reactions": _saturated(laughed, 1.5) if energy.is_known else unknown,
            "faces": seen if media.scenes else unknown,
        }

    def _shaped(self) -> dict[str, "np.ndarray"]:
        import numpy as np

        material = self.speech.material
        first, last = self._units[:, 0], self._units[:, 1] - 1
        begins = np.array([unit.begins for unit in material.units], dtype=np.float64)[first]
        finishes = np.array([unit.finishes for unit in material.units], dtype=np.float64)[last]
        closed = 1.0 - np.minimum(self.speech.asking.between(np.maximum(self._last - 1, 0), self._last), 1.0)
        stands = 1.0 - np.array([is_dangling(unit.text) for unit in material.units], dtype=np.float64)[first]
        opening = np.append(hooks(self.speech), 0.0)
        apart = np.minimum(self._pauses, _PAUSE).mean(axis=1) / _PAUSE
        wasted = self.speech.wasted.between(self._first, self._last) / self._words
        silent = 1.0 - self.speech.seconds.between(self._first, self._last) / self._length
        return {
            "hook": np.minimum(opening[first] + 0.25 * opening[first + 1], 1.0),
            "coherence": self._coherence(),
            "completeness": 0.25 * (begins + finishes * closed + apart) + 0.15 * closed + 0.1 * stands,
            "clean": 1.0 - 3.0 * wasted - np.maximum(silent - 0.2, 0.0),
            "fit": self._fit(),
        }

    def _coherence(self) -> "np.ndarray":
        """The share of each stretch that its main topic has; less if somebody is asked something new in it."""
        import numpy as np

        most = np.zeros(len(self.spans))
        sentences = self.speech.material.text.sentences
        for topic in self.speech.material.text.topics:
            first, last = sentences[topic.first_sentence].first_word, sentences[topic.last_sentence].last_word
            inside = totals([float(first <= place <= last) for place in self.speech.material.places])
            most = np.maximum(most, inside.between(self._first, self._last))
        share = most / self._words if self.speech.material.text.topics else np.full(len(self.spans), UNKNOWN)
        opened = np.array([unit.last_word for unit in self.speech.material.units])[
            np.minimum(self._units[:, 0] + 1, self._units[:, 1] - 1)
        ]
        return share / (1.0 + self.speech.asked.between(np.minimum(opened, self._last), self._last))

    def _fit(self) -> "np.ndarray":
        import numpy as np

        least, most = self._asked
        if most <= least:
            return np.ones(len(self.spans))
        return np.asarray(1.0 - np.abs(np.log(self._length / sqrt(least * most))) / log(most / least))

    def _prompt_match(self) -> "np.ndarray":
        """How much of what the prompt names is said, the rarer in this recording the more; how much of the stretch is about it;
        how like it is in meaning; and whether those speak whom the prompt wants to hear."""
        import numpy as np

        named = self.speech.named
        if not named:
            return self._about(self.speech.wish.topics)
        heard = self.speech.heard.between(self._first, self._last) / self._words
        called = frozenset().union(*named.values())
        topics = {stem: word for stem, word in self.speech.wish.topics.items() if stem not in called}
        return np.asarray(heard * self._about(topics) if topics else heard)

    def _about(self, topics: Mapping[str, str]) -> "np.ndarray":
        """How much each stretch is about what the prompt names."""
        import numpy as np

        if not topics:
            return np.full(len(self.spans), UNKNOWN)
        alike = self._likeness(" ".join(topics.values()))
        said = {stem: 0.2 + self.speech.rarity[stem] for stem in topics if stem in self.speech.rarity}
        if not said:
            return alike
        found = np.zeros(len(self.spans))
        for stem, worth in said.items():
            found += worth * _saturated(self.speech.topic(stem).between(self._first, self._last), 1.2)
        named = np.minimum(found / max(said.values()), 1.0)
        about = self._share([any(stem in said for stem in self._terms(unit)) for unit in self.speech.material.units])
        return np.asarray(_BY_MEANING * alike + (1.0 - _BY_MEANING) * named * (1.0 - _BRIEFLY + _BRIEFLY * about))

    def _share(self, marked: Sequence[bool]) -> "np.ndarray":
        """The share of each stretch that is marked, unit by unit; what follows a marked one belongs to it less and less."""
        units = self.speech.material.units
        lengths = [float(unit.last_word - unit.first_word) for unit in units]
        held = list(accumulate(marked, lambda before, mark: 1.0 if mark else max(before - _FADING, 0.0), initial=0.0))[
            1:
        ]
        first, last = self._units[:, 0], self._units[:, 1]
        kept = totals([length * part for length, part in zip(lengths, held, strict=True)]).between(first, last)
        share: np.ndarray = kept / totals(lengths).between(first, last)
        return share

    def _terms(self, unit: Unit) -> Sequence[str]:
        return self.speech.terms[unit.first_word : unit.last_word]

    def _likeness(self, about: str) -> "np.ndarray":
        """How like each stretch is to what the prompt names, by its sentences that are most so, from 0 for what is usual in this
        recording to 1 for the stretch that is most like it."""
        import numpy as np

        material = self.speech.material
        likeness = material.directions @ material.embedder.embed([about])[0]
        beyond = np.maximum(likeness - np.median(likeness), 0.0) ** _BY_THE_BEST
        lengths = [unit.last_word - unit.first_word for unit in material.units]
        first, last = self._units[:, 0], self._units[:, 1]
        mean = totals(beyond * lengths).between(first, last) / totals(lengths).between(first, last)
        alike = np.maximum(mean, 0.0) ** (1 / _BY_THE_BEST)
        return np.asarray(alike / max(float(alike.max(initial=0.0)), 1e-9))

    def _intent_match(self, known: dict[str, "np.ndarray"]) -> "np.ndarray":
        import numpy as np

        wanted = self.speech.wish.intents
        if not wanted:
            return np.full(len(self.spans), UNKNOWN)
        matched = np.zeros(len(self.spans))
        for name, weight in wanted.items():
            share = weight**2 / sum(other**2 for other in wanted.values())
            cues = self.speech.cues(name)
            often = _saturated(cues.between(self._first, self._last) / self._length, _OFTEN)
            about = self._share(
                [cues.of[each.last_word] > cues.of[each.first_word] for each in self.speech.material.units]
            )
            felt = sum(part * known[feature] for feature, part in intents()[name].shares().items())
            alike = self._likeness(" ".join(intents()[name].asked))
            matched += share * (0.34 * often + 0.25 * about + 0.25 * felt + 0.16 * alike)
        return np.asarray(matched / 2 + standing(matched) / 2)


def _units_of(material: Material, gaps: "np.ndarray") -> "np.ndarray":
    """From which unit to which each stretch goes, the last not included; at least one."""
    import numpy as np

    firsts = np.array([unit.first_gap for unit in material.units])
    begin = np.clip(np.searchsorted(firsts, gaps[:, 0], side="right") - 1, 0, len(firsts) - 1)
    end = np.maximum(np.searchsorted(firsts, gaps[:, 1], side="left"), begin + 1)
    return np.column_stack([begin, end])


def _changes(material: Material) -> Totals:
    speakers = [word.speaker for word in material.words]
    return totals([float(one != other) for one, other in pairwise(speakers)] + [0.0])


def _saturated(counts: "np.ndarray", enough: float) -> "np.ndarray":
    """From 0 for none towards 1; 0.63 for `enough`."""
    import numpy as np

    return 1.0 - np.exp(-counts / enough)
