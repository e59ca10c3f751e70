"""Topics: TextTiling (Hearst 1997) over embeddings of sentences. Where what follows is least like what came before, a topic ends.

At every gap between sentences the stretches before and after are compared; a gap that lies deep between two hills of likeness,
deeper than is usual in this transcript, parts two topics."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from shared.analysis.text_analysis import Sentence, Topic
from shared.analysis.wording import bare, stem, stop_words

if TYPE_CHECKING:
    import numpy as np

_LEAST, _MOST = 20.0, 90.0
"""Seconds of the shortest topic of a short and of a long recording; what is shorter is an aside."""
_TOPICS = 40
"""So many of the shortest topics make a recording, between those bounds."""
_KEYWORDS = 6
_LEAST_LETTERS = 3


def find_topics(sentences: Sequence[Sentence], vectors: "np.ndarray") -> tuple[Topic, ...]:
    """The topics, which cover all sentences. `vectors`: a row a sentence."""
    if not sentences:
        return ()
    edges = [0, *_cuts(sentences, vectors), len(sentences)]
    said = [_terms(sentences[first:last]) for first, last in pairwise(edges)]
    keywords = _keywords(said)
    return tuple(
        Topic(
            start=sentences[first].start,
            end=max(sentence.end for sentence in sentences[first:last]),
            first_sentence=first,
            last_sentence=last - 1,
            keywords=words,
        )
        for (first, last), words in zip(pairwise(edges), keywords, strict=True)
    )


def _cuts(sentences: Sequence[Sentence], vectors: "np.ndarray") -> list[int]:
    """The sentences with which a topic begins, but for the first."""
    import numpy as np

    if len(sentences) < 4:
        return []
    begin, end = sentences[0].start, sentences[-1].end
    shortest = min(max((end - begin) / _TOPICS, _LEAST), _MOST)
    likeness = _likeness(sentences, vectors, shortest)
    depths = _depths(likeness)
    deep = float(depths.mean() + 0.5 * depths.std())
    chosen: list[int] = []
    for gap in np.argsort(-depths):
        at = sentences[int(gap) + 1].start
        if depths[gap] <= max(deep, 0.05):
            break
        edges = [begin, end, *(sentences[cut].start for cut in chosen)]
        if all(abs(at - edge) >= shortest for edge in edges):
            chosen.append(int(gap) + 1)
    return sorted(chosen)


def _likeness(sentences: Sequence[Sentence], vectors: "np.ndarray", stretch: float) -> "np.ndarray":
    """For every gap between sentences, how alike the `stretch` seconds before and after it are: -1 to 1."""
    import numpy as np

    # What all sentences have in common tells nothing. Long ones tell more.
    lengths = np.array([sentence.last_word - sentence.first_word + 1 for sentence in sentences], dtype=np.float32)
    own = (vectors - np.average(vectors, axis=0, weights=lengths)) * np.sqrt(lengths)[:, None]
    sums = np.concatenate([np.zeros((1, own.shape[1]), dtype=own.dtype), own.cumsum(axis=0, dtype=np.float64)])
    starts = np.array([sentence.start for sentence in sentences])
    gaps = np.arange(1, len(sentences))
    first = np.minimum(np.searchsorted(starts, starts[gaps] - stretch), gaps - 1)
    last = np.maximum(np.searchsorted(starts, starts[gaps] + stretch), gaps + 1)
    before, after = sums[gaps] - sums[first], sums[last] - sums[gaps]
    norms = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    alike: np.ndarray = (before * after).sum(axis=1) / np.maximum(norms, 1e-9)
    return alike


def _depths(likeness: "np.ndarray") -> "np.ndarray":
    """How deep each gap lies below the hills on both sides of it."""
    import numpy as np

    def climbed(values: Sequence[float]) -> list[float]:
        """From each place back up to the top of the hill before it."""
        tops: list[float] = []
        for place, value in enumerate(values):
            tops.append(max(value, tops[-1]) if place and values[place - 1] >= value else value)
        return tops

    values = likeness.tolist()
    left = climbed(values)
    right = climbed(values[::-1])[::-1]
    depths: np.ndarray = np.array(left) + np.array(right) - 2 * likeness
    return depths


def _terms(sentences: Sequence[Sentence]) -> Counter[str]:
    """Words that tell what is spoken about, and how often each is said."""
    words = (bare(word) for sentence in sentences for word in sentence.text.split())
    return Counter(
        word for word in words if len(word) >= _LEAST_LETTERS and word not in stop_words() and not word.isdigit()
    )


def _keywords(said: Sequence[Counter[str]]) -> list[tuple[str, ...]]:
    """Of every topic the words that tell it from the others, each in the form in which it is said most."""
    topics = [_by_stem(words) for words in said]
    known = Counter(root for topic in topics for root in topic)
    found = []
    for topic in topics:
        worth = {
            root: sum(forms.values()) * (log((1 + len(topics)) / known[root]) + 0.1) for root, forms in topic.items()
        }
        best = sorted(worth, key=lambda root: (-worth[root], root))[:_KEYWORDS]
        found.append(tuple(topic[root].most_common(1)[0][0] for root in best))
    return found


def _by_stem(words: Counter[str]) -> dict[str, Counter[str]]:
    stems: dict[str, Counter[str]] = {}
    for word, count in words.items():
        stems.setdefault(stem(word), Counter())[word] += count
    return stems
