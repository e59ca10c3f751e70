"""Learning: every night, from the clips of the past year whose outcome is known."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.clips.learning.example import Example, capped, examples_of
from shared.clips.learning.preferences import Preferences, learn_preferences
from shared.clips.learning.store import keep_everybodys, keep_users
from shared.clips.stored import clips_of, parse_clip
from shared.core.clients import firestore_client
from shared.events import K_ANONYMITY, analytics_allowed

log = logging.getLogger(__name__)

PERIOD = timedelta(days=365)
_MOST_CLIPS = 500
"""Of one user, the newest: enough for weights to a few percent, and taste changes."""
_MOST_OF_ONE = 20.0
"""How much one user can count for among everybody, in clear words on one clip."""
_MOST_USERS = 2_000


@dataclass(frozen=True)
class Learned:
    """Of how many users, and of how many of their clips, something was learnt; and of how many people everybody's is."""

    users: int
    clips: int
    people: int


def learn_clips(at: datetime) -> Learned:
    """Learn from the year before `at`, of everybody and then of each user, and keep it."""
    examples = {user_id: _examples(user_id, at) for user_id in _users(at)}
    examples = {user_id: found for user_id, found in examples.items() if found}
    everybody = learn_everybody(
        [each for user_id in examples if analytics_allowed(user_id) for each in examples[user_id]], at
    )
    keep_everybodys(everybody)
    for user_id, found in examples.items():
        keep_users(user_id, learn_preferences(found, at, everybody))
    learned = Learned(len(examples), sum(map(len, examples.values())), everybody.people)
    log.info("learnt from clips", extra={"fields": vars(learned)})
    return learned


def learn_everybody(examples: list[Example], at: datetime) -> Preferences:
    """What clips of many people say together: of each category, and in all, nothing that fewer than K people stand behind."""
    people: dict[str, set[str]] = {}
    for each in examples:
        people.setdefault(each.category, set()).add(each.person)
    common = [each for each in examples if len(people[each.category]) >= K_ANONYMITY]
    return learn_preferences(capped(common, _MOST_OF_ONE), at, group=lambda example: example.person)


def _users(at: datetime) -> list[str]:
    """Who has a clip of which something was heard since then, the last heard of first."""
    from google.cloud.firestore import FieldFilter

    everywhere: Any = firestore_client().collection_group("clips")
    heard_of = everywhere.where(filter=FieldFilter("outcome.updated", ">=", at - PERIOD))
    newest = heard_of.order_by("outcome.updated", direction="DESCENDING").select(["userId"])
    users = list(dict.fromkeys(snapshot.get("userId") for snapshot in newest.stream()))
    if len(users) > _MOST_USERS:
        log.warning("too many users to learn from in one night", extra={"fields": {"left": len(users) - _MOST_USERS}})
    return users[:_MOST_USERS]


def _examples(user_id: str, at: datetime) -> list[Example]:
    return examples_of(_clips(user_id, at))


def _clips(user_id: str, at: datetime) -> Iterator[Any]:
    newest: Any = clips_of(user_id).order_by("created", direction="DESCENDING").limit(_MOST_CLIPS)
    for snapshot in newest.stream():
        clip = parse_clip(snapshot.to_dict())
        if clip.created >= at - PERIOD:
            yield clip
