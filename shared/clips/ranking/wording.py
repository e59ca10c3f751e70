"""Wording: titles, hooks and hashtags out of what is said in a moment, in the speaker's own words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.clips.material import Material, Span
from shared.clips.ranking.terms import is_content, term, word_list

MOST_WORDS = 10
"""Of a title."""
_LEAST_WORDS = 3
_HOOKS = 3
_HASHTAGS = 5
_WARM_UP = re.compile(
    r"^(?:\W*\b(?:and|but|so|or|because|well|now|okay|ok|yeah|yes|right|like|um+|uh+|erm|hmm+|you know|i mean|actually|basically|"
    r"anyway|then|also|look|listen)\b[\s,.…]*)+(?=\w)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?<=[,;:–—])\s+|\s+(?=(?:and|but|because|so|when|if|while|where)\s)")
_I = re.compile(r"\bi(?=\b(?!\.))")
"""Drafts write it small."""
_TAG = re.compile(r"[^\W_]{3,30}")


def phrases(material: Material, spans: Sequence[Span], strength: Sequence[float]) -> tuple[str, ...]:
    """Short lines that this moment could be titled with, the best first; at least one. `strength`: of every unit of the material
    as an opening."""
    units = [unit for span in spans for unit in material.units_in(span)]
    best = sorted(units, key=lambda unit: -strength[unit])
    found = dict.fromkeys(line for unit in best if (line := shortened(material.units[unit].text)))
    long_enough = [line for line in found if len(line.split()) >= _LEAST_WORDS]
    lines = long_enough or list(found) or [shortened(material.spoken(spans)) or "…"]
    return tuple(lines[: 1 + _HOOKS])


def shortened(sentence: str) -> str:
    """A sentence as a line of at most MOST_WORDS words: without its warm-up ("So, um, …"), ended where a clause does, or at least
    not after a word that leads on ("because", "of")."""
    line = _WARM_UP.sub("", " ".join(sentence.split())).strip(" ,;:–—-")
    if len(line.split()) > MOST_WORDS:
        line = _first_clauses(line) or " ".join(line.split()[:MOST_WORDS])
        words = line.split()
        while len(words) > _LEAST_WORDS and _leads_on(words[-1]):
            words.pop()
        line = " ".join(words)
    line = _I.sub("I", line.rstrip(" ,;:.–—-"))
    return line[:1].upper() + line[1:110]


def _first_clauses(line: str) -> str:
    """As many of its clauses from the beginning as make a line; none if the first is too long, or says too little."""
    taken = ""
    for clause in _CLAUSE.split(line):
        longer = f"{taken} {clause}".strip()
        if len(longer.split()) > MOST_WORDS:
            break
        taken = longer
    return taken if len(taken.split()) > _LEAST_WORDS else ""


def _leads_on(word: str) -> bool:
    """Whether something must follow it. Words of other languages than English are taken to be able to end a line."""
    return word.casefold().strip(".,;:") in word_list("leading")


def hashtags(words: Iterable[str], rarity: Mapping[str, float]) -> tuple[str, ...]:
    """What a moment is about, as hashtags, the most telling first: what is said often in it and rarely elsewhere."""
    forms: dict[str, Counter[str]] = {}
    for word in _bare(words):
        forms.setdefault(term(word), Counter())[word.casefold()] += 1
    worth = {stem: sum(counts.values()) * (0.2 + rarity.get(stem, 0.0)) for stem, counts in forms.items()}
    best = sorted(worth, key=lambda stem: -worth[stem])[:_HASHTAGS]
    return tuple(f"#{forms[stem].most_common(1)[0][0]}" for stem in best)


def _bare(words: Iterable[str]) -> Iterator[str]:
    others = word_list("numbers") | word_list("leading")
    for word in words:
        found = _TAG.search(word)
        if found is not None and is_content(found[0]) and not found[0].isdigit() and found[0].casefold() not in others:
            yield found[0]
