"""Proposing: which candidates are worth a template of their own. There are more patterns than anybody wants to look through."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import geometric_mean

from shared.patterns.learning import learning
from shared.patterns.pattern import SequencePattern, closed, parts

Pair = tuple[str, str]


def proposed(patterns: Sequence[SequencePattern], sessions: int) -> list[SequencePattern]:
    """Of the patterns found in so many sessions, the closed candidates that enough sessions hold, whose operations belong
    together, and that no longer one largely explains; those first that save the most calls in all."""
    figures = learning().proposal
    links = _Links.of(patterns)
    worthy = [
        pattern
        for pattern in closed([pattern for pattern in patterns if pattern.is_candidate])
        if pattern.frequency >= figures.session_share * sessions
        and len(set(pattern.operations)) > 1  # The same over and over is a batch, and no workflow.
        and links.bond(pattern) >= figures.bond
    ]
    explained = Counter[tuple[str, ...]]()
    for pattern in worthy:
        for part in parts(pattern.operations):
            explained[part] = max(explained[part], pattern.frequency)
    own = [each for each in worthy if explained[each.operations] < figures.covered * each.frequency]
    own.sort(key=lambda pattern: (-pattern.frequency * pattern.saving.calls, pattern.pattern))
    return own[: figures.most]


@dataclass(frozen=True)
class _Links:
    """How operations follow each other: `counts` of pairs, and of all pairs of two operations by the first and by the second."""

    counts: Mapping[Pair, int]
    firsts: Mapping[str, int]
    seconds: Mapping[str, int]

    @classmethod
    def of(cls, patterns: Iterable[SequencePattern]) -> "_Links":
        """In sessions. A pair without a pattern of its own is not closed: a longer one is as frequent."""
        counts, firsts, seconds = Counter[Pair](), Counter[str](), Counter[str]()
        for pattern in patterns:
            for pair in pairwise(pattern.operations):
                counts[pair] = max(counts[pair], pattern.frequency)
        for (first, second), count in counts.items():
            if first != second:
                firsts[first] += count
                seconds[second] += count
        return cls(counts, firsts, seconds)

    def bond(self, pattern: SequencePattern) -> float:
        """How often the one comes with the other, by the rarer of the two: the geometric mean over its pairs, 0 to 1."""
        return geometric_mean(self._share(*pair) for pair in pairwise(pattern.operations))

    def _share(self, first: str, second: str) -> float:
        rarer = max if first == second else min
        whole = rarer(self.firsts.get(first, 0), self.seconds.get(second, 0))
        return min(1.0, self.counts[first, second] / max(whole, 1))
