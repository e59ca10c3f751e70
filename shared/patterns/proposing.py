"""Proposing: which candidates are worth a template of their own. There are more patterns than anybody wants to look through."""

from collections.abc import Sequence

from shared.patterns.learning import learning
from shared.patterns.pattern import SequencePattern, closed, parts


def proposed(patterns: Sequence[SequencePattern], sessions: int) -> list[SequencePattern]:
    """Of the patterns found in so many sessions, the closed candidates that enough sessions hold and that no longer one largely
    explains, those first that save the most calls in all."""
    figures = learning().proposal
    candidates = closed([pattern for pattern in patterns if pattern.is_candidate])
    frequent = [pattern for pattern in candidates if pattern.frequency >= figures.session_share * sessions]
    explained: dict[tuple[str, ...], int] = {}
    for pattern in frequent:
        for part in parts(pattern.operations):
            explained[part] = max(explained.get(part, 0), pattern.frequency)
    own = [
        pattern
        for pattern in frequent
        if explained.get(pattern.operations, 0) < figures.covered * pattern.frequency and _changes(pattern)
    ]
    own.sort(key=lambda pattern: (-pattern.frequency * pattern.saving.calls, pattern.pattern))
    return own[: figures.most]


def _changes(pattern: SequencePattern) -> bool:
    """Not one operation over and over: that is a batch, and no workflow."""
    return len(set(pattern.operations)) > 1
