"""Terms: words brought to what they have in common with their relatives, so that "pricing" finds "price"."""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_ENDINGS = ("ization", "ations", "ation", "ically", "ingly", "ments", "ment", "ings", "ing", "ies", "ied", "edly", "ed")
_LAST = ("es", "s", "ly", "e", "y")
_SHORTEST = 3
_COMMON = frozenset(
    """a about after again all also always am an and any are as at back be because been before being but by can come could did do
    does done down each even every few first for from get give go goes going gone good got had has have having he her here hers him
    his how i if in into is it its just kind know let like little lot made make many may maybe me mean might mine more most much must
    my need never new next no not now of off oh ok okay on once one only or other our out over own people put quite rather really
    right said same say see she should so some something sort still such take tell than that the their them then there these they
    thing things think this those through time to too two under up upon us use used very want was way we well went were what when
    where which while who whole why will with within without would yeah yes yet you your yours i'm it's that's don't can't i've
    you're we're they're there's didn't doesn't isn't wasn't won't he's she's let's i'll you'll we'll i'd""".split()
)


@lru_cache(maxsize=65_536)
def term(word: str) -> str:
    """The word in small letters, without punctuation around it and without an English ending; "" if nothing is left."""
    found = _WORD.search(word.casefold())
    if found is None:
        return ""
    bare = found[0].replace("’", "'").removesuffix("'s")
    for endings in (_ENDINGS, _LAST):
        ending = next((each for each in endings if bare.endswith(each) and len(bare) - len(each) >= _SHORTEST), "")
        bare = bare.removesuffix(ending)
    return bare[:-1] if len(bare) > _SHORTEST and bare[-1] == bare[-2] and bare[-1] not in "aeiou" else bare


@lru_cache(maxsize=65_536)
def is_content(word: str) -> bool:
    """Whether a word says something by itself, unlike "the" and "really". All words of other languages than English do."""
    found = _WORD.search(word.casefold())
    return found is not None and found[0].replace("’", "'") not in _COMMON and len(found[0]) > 1


def terms(text: str) -> tuple[str, ...]:
    """The terms of a text, in order."""
    return tuple(term(word) for word in _WORD.findall(text))


def content_terms(words: Iterable[str]) -> tuple[str, ...]:
    """The terms of those words that say something, in order."""
    return tuple(term(word) for word in words if is_content(word))
