"""Training: every night, models are fitted to the sessions of the last 90 days, and the best ones serve from then on."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from shared.core.clock import now
from shared.core.settings import settings
from shared.events import K_ANONYMITY, run_query
from shared.patterns.recommending.anonymous import Told, anonymous
from shared.patterns.recommending.blend import Blend
from shared.patterns.recommending.card import CandidateQuality, ModelCard, Personal, PlatformCard
from shared.patterns.recommending.chains import Chain
from shared.patterns.recommending.choosing import chosen, compare
from shared.patterns.recommending.followers import count_followers, table_of
from shared.patterns.recommending.histories import store_histories
from shared.patterns.recommending.model import Model
from shared.patterns.recommending.reasons import LONGEST
from shared.patterns.recommending.recommender import ALL, PlatformModel, Recommender
from shared.patterns.recommending.risks import Outcome
from shared.patterns.recommending.session import Session
from shared.patterns.recommending.store import Pointer, store
from shared.patterns.recommending.typical import typical_parameters
from shared.patterns.recommending.worth import Worth, learn_worth

log = logging.getLogger(__name__)

PERIOD = timedelta(days=90)
LEAST_SESSIONS = 200
"""Sessions of a platform without which it is served by the model of all."""
PREDICTIONS = 5000
"""Predictions that models are compared by, at most, for each platform."""
_ACTIVE = timedelta(days=3)
"""Whose history is renewed: a night or two may have been missed."""
_PEOPLE = 20_000
_HERE = Path(__file__).parent

Sessions = tuple[list[Told], list[Told]]
"""The earlier sessions of a platform, and the last fifth."""
History = tuple[str, list[str]]
"""The hash of a person, and the operations of each of the last sessions, with spaces between."""


def train(at: datetime | None = None) -> Pointer | None:
    """Learn from the 90 days before `at` (now), and let what was learned serve; None, and nothing changes, if in these days no
    operation was run by at least five people. Run again, it does the same again. Raises Unavailable."""
    end = at or now()
    window = {"start": end - PERIOD, "end": end}
    platforms = _sessions(window)
    histories = _histories(window, end)
    store_histories(histories, end)
    trained = {
        platform: found
        for platform, (earlier, later) in platforms.items()
        if (
            platform == ALL or sum(told.count for told in earlier) + sum(told.count for told in later) >= LEAST_SESSIONS
        )
        and (found := _platform(platform, earlier, later, histories if platform == ALL else []))
    }
    if ALL not in trained:
        log.info("too few people for recommendations")
        return None
    outcomes = [Outcome.of_row(row) for row in run_query(_HERE / "risks.sql", window)]
    worth = trained[ALL][0].worth
    recommender = Recommender(
        card=ModelCard(
            model="",
            trained_at=end,
            window_start=window["start"],
            window_end=end,
            least_people=K_ANONYMITY,
            platforms=[card for _, card in trained.values()],
        ),
        platforms={name: PlatformModel(each.model, each.followers, worth) for name, (each, _) in trained.items()},
        parameters=typical_parameters(run_query(_HERE / "parameters.sql", window)),
        outcomes={outcome.key: outcome for outcome in outcomes},
        chains=[Chain.of_row(row) for row in run_query(_HERE / "chains.sql", window)],
    )
    stored = store(recommender)
    log.info("recommender trained", extra={"fields": {"model": stored.sha256, "platforms": sorted(trained)}})
    return stored


def _sessions(window: Mapping[str, datetime]) -> dict[str, Sessions]:
    """By platform, and of all, the oldest first."""
    platforms: dict[str, Sessions] = defaultdict(lambda: ([], []))
    for row in reversed(run_query(_HERE / "sessions.sql", window)):
        for platform in (row["platform"], ALL):
            platforms[platform][row["later"]].append(Told.of_row(row))
    return dict(platforms)


def _histories(window: Mapping[str, datetime], end: datetime) -> list[History]:
    """The histories of the people who were active last."""
    parameters = {**window, "since": end - _ACTIVE, "people": _PEOPLE, "salt_version": settings().user_salt_version}
    return [(row["user_id"], row["sessions"].split(",")) for row in run_query(_HERE / "histories.sql", parameters)]


def _platform(
    name: str, earlier: Sequence[Told], later: Sequence[Told], histories: Sequence[History]
) -> tuple[PlatformModel, PlatformCard] | None:
    """The model that serves a platform, with its card; None if no operation was run by enough people.

    Models are compared on the later sessions as they were, and fitted again to all of them."""
    learned = anonymous(earlier)
    whole = [*earlier, *later]
    sessions = anonymous(whole)
    if not sessions:
        return None
    candidates = compare(learned, [Session(told.operations, told.count) for told in later], PREDICTIONS)
    best = chosen(candidates)
    worth = _worth(best.model, histories)
    model = type(best.model).fit(sessions)
    followers = table_of(count_followers(sessions, LONGEST))
    operations = sum(told.count * len(told.operations) for told in whole)
    card = PlatformCard(
        platform=name,
        sessions=sum(told.count for told in whole),
        operations=operations,
        kinds=len({item for session in sessions for item in session.items}),
        told=sum(session.count * (len(session.items) - session.known) for session in sessions) / operations,
        chosen=best.name,
        candidates=[CandidateQuality.of(candidate) for candidate in candidates],
        weights=model.weights if isinstance(model, Blend) else None,
        personal=Personal.of(worth),
    )
    return PlatformModel(model, followers, worth.operations), card


def _worth(model: Model, histories: Sequence[History]) -> Worth:
    """Of people's last sessions, which the model has not learned from if they are among the later ones."""
    return learn_worth(model, [[session.split() for session in sessions] for _, sessions in histories])
