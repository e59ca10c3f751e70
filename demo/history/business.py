"""What a session means for the business: signing up, paying, cancelling."""

from random import Random

from demo.history.identifiers import random_id
from demo.history.session import Event, Session

_PRICE = 19.0
_UPGRADES = 0.004
_PURCHASES = 0.01
_CANCELS = 0.03
"""Chances in a session: of a free user to upgrade, of a premium one to buy more, and of one about to leave to cancel."""
_ABOUT_TO_LEAVE = 0.03


def business_events(session: Session, part: float, dice: Random) -> None:
    """Add the events of the business to a session that begins at this part of the whole time."""
    person = session.person
    if not person.signed_up:
        person.signed_up = True
        if person.joined > 0:
            _add(session, "signup", dice)
    if person.plan == "free" and dice.random() < _UPGRADES:
        person.plan = "premium"
        _add(session, "upgrade", dice, _PRICE)
    elif person.plan == "premium" and dice.random() < _PURCHASES:
        _add(session, "purchase", dice, round(dice.choice((5.0, 9.0, 19.0, 49.0)), 2))
    if (
        person.plan == "premium"
        and person.left < 1
        and part > person.left - _ABOUT_TO_LEAVE
        and dice.random() < _CANCELS
    ):
        person.plan = "free"
        _add(session, "cancel", dice)


def _add(session: Session, kind: str, dice: Random, revenue: float | None = None) -> None:
    """An event at the session's end."""
    session.end += 1_000.0
    event: Event = {
        "eventId": random_id(dice),
        "platform": session.person.platform,
        "eventType": "business",
        "business": {"kind": kind, "plan": session.person.plan},
    }
    if revenue is not None:
        event["business"]["revenueUsd"] = revenue
    session.events.append((session.end, event))
