"""Learning which clips somebody likes, from made-up audiences whose taste is known: how much better the order of clips gets that
nobody has seen, beside the order by the weights that results have not changed, and how long a night takes a user.

`python -m bench.clip_learning [AUDIENCES]`. Audiences: of those `like everybody`, the weights are right already and can only be
spoilt; the others value each feature by about 1 or 2 more or less (in the logit). Six clips a recording."""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import mean

from shared.clips.learning.preferences import Preferences, learn_preferences
from shared.clips.ranking import default_weights
from tests.shared.clips.learning.audience import CATEGORY, Audience, taste

AUDIENCES = 12
RECORDINGS = (2, 4, 6, 10, 20, 40)
AT = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = (("like everybody", 0.0, 0.3), ("own taste, quiet", 1.0, 0.2), ("own taste, clear", 2.0, 0.12))
"""What they are called, how far their taste is from what is usual, and how much chance there is in how a clip does."""


def main() -> None:
    """Measure and print."""
    audiences = int(sys.argv[1]) if len(sys.argv) > 1 else AUDIENCES
    print(f"{'audience':<18}{'recordings':>11}{'before':>8}{'after':>8}{'worst':>8}{'error':>8}{'learnt':>8}{'ms':>7}")
    for name, strength, noise in KINDS:
        for recordings in RECORDINGS:
            print(f"{name:<18}{recordings:>11}{_row(audiences, strength, noise, recordings)}", flush=True)
    print(
        "before, after: of two clips that nobody has seen, how often the better one comes first; worst: the least change;"
    )
    print(
        "error: how far predictions were off in the mean, as they were made; learnt: the same after learning, of clips kept apart"
    )


def _row(audiences: int, strength: float, noise: float, recordings: int) -> str:
    measured = list(_measured(audiences, strength, noise, recordings))
    before, after, error, learnt, seconds = (mean(column) for column in zip(*measured, strict=True))
    worst = min(row[1] - row[0] for row in measured)
    return f"{before:>8.3f}{after:>8.3f}{worst:>+8.3f}{error:>8.3f}{learnt:>8.3f}{1000 * seconds:>7.0f}"


def _measured(
    audiences: int, strength: float, noise: float, recordings: int
) -> Iterator[tuple[float, float, float, float, float]]:
    usual = default_weights(CATEGORY)
    for seed in range(audiences):
        audience = Audience(taste(seed, strength), seed=seed, noise=noise)
        shown = audience.watch(recordings)
        began = time.process_time()
        learnt: Preferences = learn_preferences(shown, AT)
        seconds = time.process_time() - began
        report = learnt.reports[CATEGORY]
        yield (
            audience.order(usual),
            audience.order(learnt.applied(usual, CATEGORY)),
            report.error or 0.0,
            report.learnt_error or 0.0,
            seconds,
        )


if __name__ == "__main__":
    main()
