"""Speech: what each word of a recording says, as numbers that add up over any stretch of it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from shared.analysis import bare
from shared.clips.material import Material
from shared.clips.ranking.terms import is_content, term, terms, word_list
from shared.clips.ranking.wish import Wish, intents

if TYPE_CHECKING:
    import numpy as np

_ADDRESS = frozenset({"you", "your", "yours", "you're", "you'll", "you've", "yourself"})
_CUE, _TELLING = 0.5, 2.0
"""What a cue counts, and one that is seldom said in any other kind of moment."""
_HOUSEKEEPING = re.compile(
    r"""\b(?:welcome\ (?:back|to) | thank(?:s|\ you)\ (?:so\ much|for\ (?:having|watching|listening|joining)) | subscribe
    | hit\ the\ bell | last\ question | our\ sponsors? | sponsored\ by | link\ in\ the | see\ you\ next
    | before\ we\ (?:start|begin) | can\ you\ hear\ me | good\ (?:morning|evening)\ everyone)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What is said to hold a programme together."""


@dataclass(frozen=True)
class Totals:
    """Sums over words: `of[b] - of[a]` is the sum over the words from `a` to `b`, the last not included."""

    of: "np.ndarray"

    def between(self, first: "np.ndarray", last: "np.ndarray") -> "np.ndarray":
        """The sum of each stretch."""
        total: np.ndarray = self.of[last] - self.of[first]
        return total


def totals(values: "Sequence[float] | np.ndarray") -> Totals:
    """The totals of a value for every word."""
    import numpy as np

    return Totals(np.concatenate(([0.0], np.cumsum(np.asarray(values, dtype=np.float64)))))


class Speech:
    """The words of a material, counted."""

    def __init__(self, material: Material, wish: Wish) -> None:
        self.material = material
        self.wish = wish
        self.terms = tuple(term(word.word) for word in material.words)
        self.content = tuple(is_content(word.word) for word in material.words)
        self._cues: dict[str, Totals] = {}
        self.bare = tuple(bare(word.word) for word in material.words)

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        """How rarely a term is said in this recording, 0 (in every unit) to 1 (once)."""
        units = max(len(self.material.units), 2)
        said = Counter(
            stem for unit in self.material.units for stem in dict.fromkeys(self.terms[unit.first_word : unit.last_word])
        )
        return {stem: log(units / count) / log(units) for stem, count in said.items()}

    @cached_property
    def seconds(self) -> Totals:
        """Seconds that words take."""
        return totals([word.end - word.start for word in self.material.words])

    @cached_property
    def weight(self) -> Totals:
        """Rarity of the words that say something."""
        pairs = zip(self.terms, self.content, strict=True)
        return totals([self.rarity.get(stem, 0.0) if content else 0.0 for stem, content in pairs])

    @cached_property
    def addressing(self) -> Totals:
        """Words to the viewer."""
        return totals([float(word in _ADDRESS) for word in self.bare])

    @cached_property
    def figures(self) -> Totals:
        """Numbers, in figures or in words."""
        return totals(
            [float(word in word_list("numbers") or any(char.isdigit() for char in word)) for word in self.bare]
        )

    @cached_property
    def wasted(self) -> Totals:
        """Fillers, words of takes that were said again, and greetings and the like."""
        gone = {filler.index for filler in self.material.text.fillers}
        for retake in self.material.text.retakes:
            gone.update(range(retake.first_word, retake.last_word + 1))
        for sentence in self.material.text.sentences:
            if _HOUSEKEEPING.search(sentence.text):
                gone.update(range(sentence.first_word, sentence.last_word + 1))
        return totals([float(place in gone) for place in self.material.places])

    @cached_property
    def avoided(self) -> Totals:
        """Words that the prompt does not want to hear: of what it names; where that is a speaker, all that they say."""
        silenced = self._speakers_by(self.wish.silenced)
        barred = self.wish.avoided.difference(*silenced.values())
        pairs = zip(self.material.words, self.terms, strict=True)
        return totals([float(stem in barred or word.speaker in silenced) for word, stem in pairs])

    @cached_property
    def named(self) -> Mapping[str, frozenset[str]]:
        """The speakers whom the prompt wants to hear, each with the terms that it calls them by."""
        return self._speakers_by(self.wish.voices)

    @cached_property
    def heard(self) -> Totals:
        """Words of the speakers whom the prompt wants to hear."""
        return totals([float(word.speaker in self.named) for word in self.material.words])

    @cached_property
    def moods(self) -> "np.ndarray":
        """The sentiment of every word's sentence, -1 to 1."""
        return self._by_sentence([sentence.sentiment for sentence in self.material.text.sentences])

    @cached_property
    def asking(self) -> Totals:
        """Last words of questions."""
        last = {each.last_word for each in self.material.text.sentences if each.is_question}
        return totals([float(place in last) for place in self.material.places])

    @cached_property
    def asked(self) -> Totals:
        """Last words of questions that somebody else answers."""
        pairs = pairwise(self.material.text.sentences)
        last = {one.last_word for one, other in pairs if one.is_question and one.speaker != other.speaker}
        return totals([float(place in last) for place in self.material.places])

    def _speakers_by(self, names: frozenset[str]) -> Mapping[str, frozenset[str]]:
        """The speakers who have most of these names, each with those."""
        speakers = {word.speaker for word in self.material.words if word.speaker is not None}
        called = {speaker: names.intersection(terms(speaker)) for speaker in speakers}
        most = max(map(len, called.values()), default=0)
        return {speaker: by for speaker, by in called.items() if by and len(by) == most}

    def topic(self, stem: str) -> Totals:
        """Words of one topic that the prompt names."""
        return totals([float(each == stem) for each in self.terms])

    def cues(self, intent: str) -> Totals:
        """Places where something is said that is said in such moments."""
        if intent not in self._cues:
            self._cues[intent] = self._count_cues(intent)
        return self._cues[intent]

    def _count_cues(self, intent: str) -> Totals:
        found = [0.0] * len(self.bare)
        for cues, weight in ((intents()[intent].cues, _CUE), (intents()[intent].telling, _TELLING)):
            for place in _places(self.bare, self.terms, cues):
                found[place] = weight
        return totals(found)

    def _by_sentence(self, values: Sequence[float]) -> "np.ndarray":
        import numpy as np

        spread = np.zeros(len(self.material.words))
        for sentence, value in zip(self.material.text.sentences, values, strict=True):
            spread[sentence.first_word : sentence.last_word + 1] = value
        return spread[np.asarray(self.material.places, dtype=np.intp)]


def _places(bare: Sequence[str], stems: Sequence[str], cues: Sequence[str]) -> Iterator[int]:
    """Where cues begin: a single word by its term, more than one word as they are."""
    single = {term(cue) for cue in cues if " " not in cue}
    several: dict[str, list[tuple[str, ...]]] = {}
    for cue in cues:
        if " " in cue:
            parts = tuple(cue.split())
            several.setdefault(parts[0], []).append(parts)
    for place, word in enumerate(bare):
        if stems[place] in single or any(
            tuple(bare[place : place + len(parts)]) == parts for parts in several.get(word, ())
        ):
            yield place
