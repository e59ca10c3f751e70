"""Retakes: what is said again because it went wrong. The take before may go.

Three kinds: a word stammered ("the the"), a sentence begun anew ("So what we, so what we did was …"), and a sentence said twice.
Repetition that is meant stays: what is broken off is a beginning of what follows, with no word of its own that matters. "We shall
fight on the beaches, we shall fight on the landing grounds" has one, and is left alone."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from shared.analysis.text.figures import has_number
from shared.analysis.text.languages import language_of
from shared.analysis.text_analysis import Filler, Retake, Sentence
from shared.analysis.wording import bare, stem, stop_words, word_list
from shared.transcripts import Word
from shared.typography import is_ideograph

_FARTHEST = 16
"""Words from where a sentence begins to where it is begun anew."""
_AGAIN = 2
"""Words that must be the same for a beginning to be one."""
_SENTENCES = 3
"""Sentences back in which the same may have been said before."""
_LEAST_WORDS = 4
"""Words of a sentence that is said twice."""
_ALIKE = 0.8
_STAMMERED = {"en": 100, **dict.fromkeys(("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "no", "pl"), 3)}
"""Letters of a word that may be a stammer, by language."""
_SIGNS = 4
"""Signs of a script without spaces that must be the same: two are one word."""
_LONGEST = 90.0
"""Seconds from one take to the next."""


def find_retakes(
    words: Sequence[Word], sentences: Sequence[Sentence], fillers: Sequence[Filler], language: str | None
) -> list[Retake]:
    """Takes that may go, in order, none of them over another. What `fillers` are said within a take does not make it another.
    `language`: BCP 47; unknown, it is English if it reads so."""
    passed = {filler.index for filler in fillers}
    places = [place for place in range(len(words)) if place not in passed]
    spoken = [words[place] for place in places]
    said = [bare(word.word) for word in spoken]
    within = [
        retake.model_copy(
            update={
                "first_word": places[retake.first_word],
                "last_word": places[retake.kept_first_word] - 1,
                "kept_first_word": places[retake.kept_first_word],
            }
        )
        for retake in (*_beginnings(spoken, said), *_stammers(spoken, said, language_of(language, said)))
    ]
    return list(_apart([*_sentences([bare(word.word) for word in words], sentences), *within]))


def _apart(found: Sequence[Retake]) -> Iterator[Retake]:
    """Without those that lie in what goes already: the longer one stays."""
    taken: set[int] = set()
    kept = []
    for retake in sorted(found, key=lambda take: take.first_word - take.last_word):
        span = range(retake.first_word, retake.last_word + 1)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(retake)
    yield from sorted(kept, key=lambda take: take.first_word)


def _stammers(words: Sequence[Word], said: Sequence[str], language: str) -> Iterator[Retake]:
    """Words said twice: in English those that nobody doubles on purpose, elsewhere short ones; none where doubling is grammar, as
    in Turkish, Indonesian and Hindi, and so in languages of which nothing is known."""
    longest = _STAMMERED.get(language, 0)
    for place in range(len(said) - 1):
        one = said[place]
        same = 0 < len(one) <= longest and one == said[place + 1] and not _is_said_twice([one]) and not one.isdigit()
        if same and words[place].speaker == words[place + 1].speaker and words[place].word[-1] not in ".!?":
            yield Retake(first_word=place, last_word=place, kept_first_word=place + 1, similarity=1.0)


def _beginnings(words: Sequence[Word], said: Sequence[str]) -> Iterator[Retake]:
    """Sentences begun anew: the same words again soon, and nothing said in between that does not come again."""
    place = 0
    while place < len(said) - _AGAIN:
        again = _begun_again(words, said, place)
        if again is None:
            place += 1
            continue
        kept, similarity = again
        yield Retake(first_word=place, last_word=kept - 1, kept_first_word=kept, similarity=round(similarity, 2))
        place = kept


def _begun_again(words: Sequence[Word], said: Sequence[str], place: int) -> tuple[int, float] | None:
    """Where the words at the place are begun anew, and how alike both are."""
    for again in range(place + _AGAIN, min(place + _FARTHEST, len(said) - _AGAIN) + 1):
        if said[again : again + _AGAIN] != said[place : place + _AGAIN] or not all(said[place : place + _AGAIN]):
            continue
        if words[again].speaker != words[place].speaker or words[again - 1].word[-1] in ".!?":
            continue
        broken, whole = said[place:again], said[again : again + 2 * (again - place) + 2]
        missing = [word for word in broken if word not in whole]
        if any(word not in stop_words() for word in missing):
            continue
        same = _common_start(broken, whole)
        if same >= len(broken) - 1 and _is_break(words, broken, again - 1, same):
            return again, same / len(broken)
    return None


def _is_break(words: Sequence[Word], broken: Sequence[str], last: int, same: int) -> bool:
    """Whether it is begun anew, and not said twice by chance ("it is what it is") or on purpose ("over and over and over")."""
    if len(broken) == _AGAIN and (_is_said_twice(broken) or _is_joined(broken)):
        return False
    if same < _SIGNS and all(map(_is_sign, broken)):
        return False
    if has_number(broken) or all(word.word[0].isupper() for word in words[last - len(broken) + 1 : last + 1]):
        return False
    return same > _AGAIN or same == len(broken) or _breaks_off(words, last)


def _is_said_twice(broken: Sequence[str]) -> bool:
    return not (word_list("said_twice") | word_list("said_twice_elsewhere")).isdisjoint(broken)


def _is_joined(broken: Sequence[str]) -> bool:
    """Whether it is half of "faster and faster"."""
    return not word_list("joining").isdisjoint(broken) and any(word not in stop_words() for word in broken)


def _is_sign(word: str) -> bool:
    """Whether it is a sign of a script without spaces: many words have one twice, as 妈妈 and 谈谈 do."""
    return len(word) == 1 and is_ideograph(word)


def _common_start(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _breaks_off(words: Sequence[Word], place: int) -> bool:
    """Whether the speaker halts after the word."""
    return words[place].word[-1] in ",-–—…" or words[place + 1].start - words[place].end >= 0.25


def _sentences(said: Sequence[str], sentences: Sequence[Sentence]) -> Iterator[Retake]:
    """Sentences said again within the next few."""
    stems = [[stem(word) for word in said[each.first_word : each.last_word + 1] if word] for each in sentences]
    sets = [set(each) for each in stems]
    place = 0
    while place < len(sentences):
        kept = place
        for later in range(place + 1, min(place + 1 + _SENTENCES, len(sentences))):
            if _said_again(sentences, stems, sets, place, later, said):
                kept = later
                break
        if kept > place:
            yield Retake(
                first_word=sentences[place].first_word,
                last_word=sentences[kept].first_word - 1,
                kept_first_word=sentences[kept].first_word,
                similarity=round(_ratio(stems[place], stems[kept]), 2),
            )
        place = max(kept, place + 1)


def _said_again(
    sentences: Sequence[Sentence],
    stems: Sequence[Sequence[str]],
    sets: Sequence[set[str]],
    place: int,
    later: int,
    said: Sequence[str],
) -> bool:
    """Whether a later sentence is another take of the first: alike, or begun alike after an excuse. What lies between goes with
    the first, so that it must be excuses or takes themselves."""
    first, second = sentences[place], sentences[later]
    if first.speaker != second.speaker or second.start - first.end > _LONGEST or len(stems[place]) < _LEAST_WORDS:
        return False
    between = " ".join(said[first.last_word + 1 : second.first_word])
    excused = any(excuse in between for excuse in word_list("excuses"))
    if between and not excused:
        return False
    begun = _broken_off(said[first.first_word : first.last_word + 1], stems[place])
    if not between and len(begun) > _LEAST_WORDS and begun == stems[later][: len(begun)]:
        return True
    common = len(sets[place] & sets[later])
    if common < (0.5 if excused else 0.7) * len(sets[place]):
        return False
    if excused:
        return stems[place][:_AGAIN] == stems[later][:_AGAIN] or _ratio(stems[place], stems[later]) >= 0.6
    own = {word for word in sets[place] - sets[later] if word not in stop_words()}
    return not own and _ratio(stems[place], stems[later][: len(stems[place]) + 2]) >= _ALIKE


def _broken_off(said: Sequence[str], stems: Sequence[str]) -> Sequence[str]:
    """What was said before the excuse that a sentence ends with; nothing, if it ends with none."""
    text = " ".join(said)
    excuse = next((excuse for excuse in word_list("excuses") if text.endswith(f" {excuse}")), None)
    return stems[: -len(excuse.split())] if excuse else ()


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
