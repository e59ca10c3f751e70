"""Training: every night, models are fitted to the sessions of the last 90 days, and the best ones serve from then on."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shared.core.clock import now
from shared.core.salts import salt_at
from shared.events import K_ANONYMITY, run_query
from shared.patterns.recommending.anonymous import Told, anonymous
from shared.patterns.recommending.blend import Blend
from shared.patterns.recommending.card import CandidateQuality, ModelCard, Personal, PlatformCard
from shared.patterns.recommending.chains import Chain
from shared.patterns.recommending.choosing import chosen, compare
from shared.patterns.recommending.followers import Table, count_followers, table_of
from shared.patterns.recommending.histories import store_histories
from shared.patterns.recommending.model import Model
from shared.patterns.recommending.reasons import LONGEST
from shared.patterns.recommending.recommender import ALL, PlatformModel, Recommender
from shared.patterns.recommending.risks import Outcome
from shared.patterns.recommending.session import Session
from shared.patterns.recommending.store import Pointer, store
from shared.patterns.recommending.typical import typical_parameters
from shared.patterns.recommending.worth import learn_worth

log = logging.getLogger(__name__)

PERIOD = timedelta(days=90)
LEAST_SESSIONS = 200
"""Sessions of a platform without which it is served by the model of all."""
PREDICTIONS = 5000
"""Predictions that models are compared by, at most, for each platform."""
_ACTIVE = timedelta(days=3)
"""Whose history is renewed: a night or two may have been missed."""
_PEOPLE = 20_000
_TIMEOUT = 300.0
"""Seconds that a query over all of the period may take."""
_HERE = Path(__file__).parent

Sessions = tuple[list[Told], list[Told]]
"""The earlier sessions of a platform, and the last fifth."""
History = tuple[str, list[str]]
"""The hash of a person, and the operations of each of the last sessions, with spaces between."""


@dataclass(frozen=True)
class _Trained:
    """What was learned for a platform: the model that will serve, and the one chosen, of the earlier sessions alone."""

    card: PlatformCard
    model: Model
    followers: Table
    candidate: Model


def train(at: datetime | None = None) -> Pointer | None:
    """Learn from the 90 days before `at` (now), and let what was learned serve; None, and nothing changes, if in these days no
    operation was run by at least five people. Run again, it does the same again. Raises Unavailable."""
    end = at or now()
    window = {"start": end - PERIOD, "end": end}
    platforms = _sessions(window)
    histories = _histories(window, end)
    store_histories(histories, end)
    trained = {
        name: found for name, each in platforms.items() if _enough(name, each) and (found := _platform(name, each))
    }
    if ALL not in trained:
        log.info("too few people for recommendations")
        return None
    # The candidate has not learned from the last sessions.
    worth = learn_worth(trained[ALL].candidate, [[each.split() for each in sessions] for _, sessions in histories])
    outcomes = [Outcome.of_row(row) for row in _rows("risks", window)]
    card = ModelCard(
        model="",
        trained_at=end,
        window_start=window["start"],
        window_end=end,
        least_people=K_ANONYMITY,
        platforms=[each.card for each in trained.values()],
        personal=Personal.of(worth),
    )
    recommender = Recommender(
        card,
        {name: PlatformModel(each.model, each.followers, worth.operations) for name, each in trained.items()},
        typical_parameters(_rows("parameters", window)),
        {outcome.key: outcome for outcome in outcomes},
        [Chain.of_row(row) for row in _rows("chains", window)],
    )
    stored = store(recommender)
    log.info("recommender trained", extra={"fields": {"model": stored.sha256, "platforms": sorted(trained)}})
    return stored


def _rows(name: str, parameters: Mapping[str, datetime | int | str]) -> list[dict[str, Any]]:
    return run_query(_HERE / f"{name}.sql", parameters, timeout=_TIMEOUT)


def _sessions(window: Mapping[str, datetime]) -> dict[str, Sessions]:
    """By platform, and of all, the oldest first."""
    platforms: dict[str, Sessions] = defaultdict(lambda: ([], []))
    for row in reversed(_rows("sessions", window)):
        for platform in (row["platform"], ALL):
            platforms[platform][row["later"]].append(Told.of_row(row))
    return dict(platforms)


def _histories(window: Mapping[str, datetime], end: datetime) -> list[History]:
    """The histories of the people who were active last."""
    parameters: dict[str, datetime | int | str] = {
        **window,
        "since": end - _ACTIVE,
        "people": _PEOPLE,
        "salt_version": salt_at(end).version,
    }
    return [(row["user_id"], row["sessions"].split(",")) for row in _rows("histories", parameters)]


def _enough(name: str, sessions: Sessions) -> bool:
    return name == ALL or sum(told.count for part in sessions for told in part) >= LEAST_SESSIONS


def _platform(name: str, told: Sessions) -> _Trained | None:
    """What was learned for a platform; None if no operation was run by enough people.

    Models are compared on the later sessions as they were, and the best is fitted again to all of them."""
    earlier, later = told
    whole = [*earlier, *later]
    sessions = anonymous(whole)
    if not sessions:
        return None
    held_out = [Session(each.operations, each.count) for each in later]
    candidates = compare(anonymous(earlier), held_out, PREDICTIONS)
    best = chosen(candidates)
    model = type(best.model).fit(sessions)
    operations = sum(each.count * len(each.operations) for each in whole)
    card = PlatformCard(
        platform=name,
        sessions=sum(each.count for each in whole),
        operations=operations,
        kinds=len({item for session in sessions for item in session.items}),
        told=sum(session.count * (len(session.items) - session.known) for session in sessions) / operations,
        chosen=best.name,
        candidates=[CandidateQuality.of(candidate) for candidate in candidates],
        weights=model.weights if isinstance(model, Blend) else None,
    )
    return _Trained(card, model, table_of(count_followers(sessions, LONGEST)), best.model)
