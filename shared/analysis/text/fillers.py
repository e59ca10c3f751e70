"""Fillers: words that say nothing. Sounds such as "um" always are; "you know" or "like" only where the speech sets them apart."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.analysis.text.languages import language_of
from shared.analysis.text_analysis import Filler
from shared.analysis.wording import bare
from shared.core.declared import read_declared
from shared.transcripts import Word

_PAUSE = 0.25
"""Seconds that set a phrase apart where the transcript has no commas."""


class _Phrase(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str
    unless: frozenset[str] = frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.say.split())


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sounds: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[_Phrase, ...]]


def find_fillers(words: Sequence[Word], language: str | None) -> Iterator[Filler]:
    """Every word that may go without loss, in order. `language`: BCP 47; unknown, it is English if it reads so."""
    said = [bare(word.word) for word in words]
    code = language_of(language, said)
    known = _words()
    sounds = known.sounds["any"] | known.sounds.get(code, frozenset())
    phrases = _by_first_word(code)
    in_capitals = not any(word.word.islower() for word in words)
    place = 0
    while place < len(words):
        is_sound = said[place] in sounds and (in_capitals or not _is_short_for_something(words, place))
        length = 1 if is_sound else _phrase(words, said, place, phrases.get(said[place], ()))
        for index in range(place, place + length):
            word = words[index]
            yield Filler(index=index, word=word.word, start=word.start, end=word.end)
        place += max(length, 1)


def _is_short_for_something(words: Sequence[Word], place: int) -> bool:
    """Whether it is no sound but letters: the ER, 5 mm."""
    letters = "".join(filter(str.isalpha, words[place].word))
    return (len(letters) > 1 and letters.isupper()) or (
        letters == "mm" and place > 0 and words[place - 1].word[-1].isdigit()
    )


def _phrase(words: Sequence[Word], said: Sequence[str], place: int, phrases: Sequence[_Phrase]) -> int:
    """How many words of a phrase that says nothing begin at the place."""
    for phrase in phrases:
        length = len(phrase.words)
        if tuple(said[place : place + length]) != phrase.words:
            continue
        after = said[place + length] if place + length < len(said) else ""
        if after not in phrase.unless and _apart(words, place - 1) and _apart(words, place + length - 1):
            return length
    return 0


def _apart(words: Sequence[Word], place: int) -> bool:
    """Whether a comma, a full stop or a pause comes after the word: the beginning and the end count as such."""
    if place < 0 or place + 1 >= len(words):
        return True
    return words[place].word[-1] in ",.;:—–…!?" or words[place + 1].start - words[place].end >= _PAUSE


@cache
def _by_first_word(code: str) -> Mapping[str, tuple[_Phrase, ...]]:
    found: dict[str, tuple[_Phrase, ...]] = {}
    for phrase in _words().phrases.get(code, ()):
        found[phrase.words[0]] = (*found.get(phrase.words[0], ()), phrase)
    return found


@cache
def _words() -> _Words:
    return _Words.model_validate(read_declared(Path(__file__).parent.parent / "words" / "fillers.yaml"))
