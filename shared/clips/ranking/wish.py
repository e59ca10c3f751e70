"""Wish: what a prompt asks for, taken apart: what moments are about, of what kind they are, what must not come up in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.clips.parts import without_parts
from shared.clips.ranking.excluding import parted
from shared.clips.ranking.features import FEATURES
from shared.clips.ranking.terms import content_terms, term, terms, word_list
from shared.clips.sizes import without_sizes
from shared.core.declared import read_declared
from shared.prompts import ClipRequest

_WORD = re.compile(r"[\w&]+(?:[-'’]\w+)*")
_ABOUT = re.compile(r"\b(?:about|regarding|concerning)\s+(?:the\s+)?", re.IGNORECASE)
"""After this even a word of asking, as `video` is one, is what it is about."""
_OF_A_NAME = 2
"""Words."""
_FOR_WHAT_IT_PREFERS = 0.5


class Intent(BaseModel):
    """A kind of moment: what asks for it (`topical`: and is what it is about), what is said in one (`telling`: and seldom in any
    other), what speaks for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asked: tuple[str, ...]
    topical: bool = False
    cues: tuple[str, ...]
    telling: tuple[str, ...] = ()
    features: dict[str, float]

    def shares(self) -> Mapping[str, float]:
        """The features that speak for it, by what share."""
        return {name: weight / sum(self.features.values()) for name, weight in self.features.items()}


@dataclass(frozen=True)
class Wish:
    """`topics`: terms that the moments are about, each with the word that it was in the prompt. `intents`: how much each kind of
    moment is asked for, above 0. `avoided`: terms that must not come up. `voices`: terms that, as the name of a speaker, say who
    is to be heard: `clips of Ann` has one, `clips about Ann` has none. `silenced`: in the same way, who is not to be heard."""

    topics: Mapping[str, str]
    intents: Mapping[str, float]
    avoided: frozenset[str]
    voices: frozenset[str]
    silenced: frozenset[str]


@cache
def intents() -> Mapping[str, Intent]:
    """The kinds of moments by name, from `intents.yaml`."""
    raw: dict[str, object] = read_declared(Path(__file__).with_name("intents.yaml"))
    found = {name: Intent.model_validate(intent) for name, intent in raw.items()}
    assert all(intent.features.keys() <= FEATURES.keys() for intent in found.values())
    return found


def read_wish(request: ClipRequest) -> Wish:
    """What a request asks for."""
    criteria, avoided = parted(without_parts(request.criteria), _is_asking)
    criteria = without_sizes(criteria)
    wanted: dict[str, float] = {}
    for text, weight in ((criteria, 1.0), (request.engagement_factor, _FOR_WHAT_IT_PREFERS)):
        for name in _asked_for(text):
            wanted[name] = wanted.get(name, 0.0) + weight
    topics = dict(_topics(criteria))
    barred = _terms_of(each.what for each in avoided)
    return Wish(
        {stem: word for stem, word in topics.items() if stem not in barred},
        wanted,
        barred - _of_prompts(),
        frozenset(topics) - barred - _told_of(criteria),
        _terms_of(each.what for each in avoided if each.heard) - _of_prompts(),
    )


def _terms_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(content_terms(_WORD.findall(" ".join(texts)))) - {""}


def _asked_for(text: str) -> Iterator[str]:
    asking = _asking()
    for word in _WORD.findall(text):
        yield from asking.get(term(word), ())


def _topics(criteria: str) -> Iterator[tuple[str, str]]:
    """The words that say what it is about: neither ways of asking nor the name of a kind of moment."""
    subjects = {each.end() for each in _ABOUT.finditer(criteria)}
    for found in _WORD.finditer(criteria):
        for stem in content_terms([found[0]]):
            is_asking = stem in _of_prompts() and found.start() not in subjects
            if stem and not is_asking and all(intents()[name].topical for name in _asking().get(stem, ())):
                yield stem, found[0].casefold()


def _told_of(criteria: str) -> frozenset[str]:
    """Terms of what is named as a subject: the words right after `about`."""
    return frozenset(
        stem
        for found in _ABOUT.finditer(criteria)
        for stem in content_terms(_WORD.findall(criteria[found.end() :])[:_OF_A_NAME])
    )


def _is_asking(word: str) -> bool:
    """Whether it says nothing of what the moments are about, but that there should be some, or of which kind."""
    return term(word) in _of_prompts() or term(word) in _asking()


@cache
def _asking() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, intent in intents().items():
        for word in intent.asked:
            stem = "".join(terms(word)[:1])
            found[stem] = found.get(stem, frozenset()) | {name}
    return found


@cache
def _of_prompts() -> frozenset[str]:
    """Terms of asking, which say nothing of what the moments are about."""
    return frozenset(map(term, word_list("of_prompts")))
