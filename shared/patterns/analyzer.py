"""PatternAnalyzer: finds what users keep doing, makes templates of it, and says what they are likely to do next."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.core.clock import now
from shared.events import run_query
from shared.patterns.classifier import Classifier, features_of, learned_classifier
from shared.patterns.gapped import sessions_with_gaps
from shared.patterns.kept import keep_patterns
from shared.patterns.learning import learning
from shared.patterns.pattern import SequencePattern, closed
from shared.patterns.proposing import proposed
from shared.patterns.templates import Template, count_again, drafted, known_templates, renew, usage_of
from shared.patterns.typical import typical_steps

if TYPE_CHECKING:
    from shared.patterns.recommending import Recommendation

log = logging.getLogger(__name__)

_SQL = Path(__file__).with_name("sequences.sql")
_TIMEOUT = 120.0


@dataclass(frozen=True)
class _Mined:
    """Patterns by name, and in how many sessions of two and more operations they were found."""

    patterns: dict[str, SequencePattern]
    sessions: int


class PatternAnalyzer:
    """Mines the events of the last 90 days before `at`."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or now()
        self._start = self._at - learning().period

    def analyze_operation_sequences(self) -> list[SequencePattern]:
        """The closed patterns of 2 to 5 operations that at least 5 sessions of 3 users hold and that succeed in 80 % of cases,
        each with the kind of work that it is taken for. The most frequent first. Raises Unavailable."""
        candidates = closed([pattern for pattern in self._mined.patterns.values() if pattern.is_candidate])
        return [self._classified(pattern) for pattern in candidates]

    def generate_templates(self, patterns: Sequence[SequencePattern]) -> list[Template]:
        """Keep these patterns in `sequence_patterns`, propose templates of those that deserve it, and look again at the templates
        that there are: at what is usual, their figures, their life. Returns all of them. Raises Unavailable."""
        keep_patterns(patterns, self._at)
        known = {template.pattern: template.id for template in known_templates()}
        worthy = {pattern.pattern: pattern for pattern in proposed(patterns, self._mined.sessions)}
        again = {name: self._mined.patterns[name] for name in known if name in self._mined.patterns}
        looked_at = {**again, **worthy}
        typical = typical_steps(sorted(looked_at), self._start, self._at)
        drafts = [
            drafted(pattern, typical.get(name, {}), self._classifier, proposed=name in worthy)
            for name, pattern in looked_at.items()
        ]
        usage = usage_of([*known.values(), *(draft.id for draft in drafts)], self._start, self._at)
        renewed = renew(drafts, usage, self._at)
        for template in renewed.templates:
            count_again(template.id)
        fields = {"templates": len(renewed.templates), "forgotten": renewed.forgotten}
        log.info("templates generated", extra={"fields": fields})
        return renewed.templates

    def recommend_operations(
        self, user_id: str | None, current_workflow: Sequence[str], *, platform: str | None = None, limit: int = 5
    ) -> "list[Recommendation]":
        """What users do next after these operations, the likeliest first. Raises Unavailable."""
        from shared.patterns.recommending import recommend

        return recommend(list(current_workflow), user_id=user_id, platform=platform, limit=limit)

    @cached_property
    def _mined(self) -> _Mined:
        """What is frequent, and what there are templates of, however frequent."""
        least = learning().candidate
        parameters: dict[str, Any] = {
            "start": self._start,
            "end": self._at,
            "min_frequency": least.frequency,
            "min_users": least.users,
            "min_success_rate": least.success_rate,
            "known": [template.pattern for template in known_templates()],
        }
        rows = run_query(_SQL, parameters, timeout=_TIMEOUT)
        sessions, began = (rows[0]["sessions"], rows[0]["began"]) if rows else (0, self._at)
        for row in rows:
            del row["sessions"], row["began"]
        patterns = [SequencePattern.of_row(row, end=self._at, began=began) for row in rows]
        with_gaps = sessions_with_gaps(self._start, self._at) if patterns else {}
        told = [each.model_copy(update={"with_gaps": with_gaps.get(each.pattern)}) for each in patterns]
        return _Mined({pattern.pattern: pattern for pattern in told}, sessions)

    @cached_property
    def _classifier(self) -> Classifier:
        return learned_classifier(self._at)

    def _classified(self, pattern: SequencePattern) -> SequencePattern:
        workflow = self._classifier.classify(features_of(pattern.operations), pattern.stated)
        return pattern.model_copy(update={"workflow": workflow})
