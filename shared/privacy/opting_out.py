"""Opting out: from then on no event of the user is collected, and none that is still on its way is kept."""

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.events import hashes_of
from shared.events.erasure import withhold
from shared.events.erasure.withholding import SKEW


def set_opt_out(user_id: str, opted_out: bool) -> None:
    """Whether the events of a user whose account is there are left alone. Raises Unavailable: then it must be said again."""
    profile = firestore_client().collection("users").document(user_id)
    profile.update({"analyticsOptOut": opted_out})
    if opted_out:
        withhold(hashes_of(user_id).values(), now() + SKEW)
