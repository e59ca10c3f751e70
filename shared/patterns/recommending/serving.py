"""Serving: recommendations from the model that serves now, loaded once and renewed behind the answers."""

import logging
import threading
import time
from collections.abc import Sequence
from functools import cache

from shared.core.errors import KompoError
from shared.events import K_ANONYMITY
from shared.patterns.recommending.card import ModelCard
from shared.patterns.recommending.histories import person
from shared.patterns.recommending.prior import prior
from shared.patterns.recommending.reasons import prior_reason
from shared.patterns.recommending.recommender import Recommendation, Recommender
from shared.patterns.recommending.served import remember
from shared.patterns.recommending.store import Pointer, load, pointer

log = logging.getLogger(__name__)

_LOOK_AGAIN = 5.0
"""Seconds between looks for a newer model."""
_REMEMBERED = 10
"""Recommendations that the live hit rate looks at, whatever the number that was asked for."""
PRIOR_CARD = ModelCard(
    model="prior", trained_at=None, window_start=None, window_end=None, least_people=K_ANONYMITY, platforms=[]
)


class Serving:
    """The recommender of this process. The first who asks waits until it is loaded; nobody waits for a newer one."""

    def __init__(self, look_again: float = _LOOK_AGAIN) -> None:
        self._look_again = look_again
        self._held: tuple[Pointer, Recommender] | None = None
        self._looked: float | None = None
        self._looking = threading.Lock()

    def current(self) -> Recommender | None:
        """The recommender, None before the first training."""
        self._renew()
        return self._held[1] if self._held else None

    def card(self) -> ModelCard:
        """The card of the recommender."""
        self._renew()
        return self._held[0].card if self._held else PRIOR_CARD

    def _renew(self) -> None:
        if self._looked is None:
            with self._looking:
                if self._looked is None:
                    self._look()
        elif time.monotonic() - self._looked > self._look_again and self._looking.acquire(blocking=False):
            threading.Thread(target=self._look_behind, daemon=True, name="renew-recommender").start()

    def _look_behind(self) -> None:
        try:
            self._look()
        finally:
            self._looking.release()

    def _look(self) -> None:
        """Load the recommender that serves, if it is another one. Who cannot, keeps what there is and looks again later."""
        from google.api_core.exceptions import GoogleAPIError

        try:
            found = pointer()
            if found is not None:
                same = self._held is not None and self._held[0].sha256 == found.sha256
                self._held = (found, self._held[1] if same and self._held else load(found))
        except (KompoError, GoogleAPIError, OSError, ValueError, KeyError) as error:
            log.warning("the recommender was not loaded", extra={"fields": {"error": str(error)}})
        finally:
            self._looked = time.monotonic()


@cache
def serving() -> Serving:
    """The recommender of this process."""
    return Serving()


def recommend(
    current_workflow: Sequence[str],
    *,
    user_id: str | None = None,
    platform: str | None = None,
    limit: int = 5,
) -> list[Recommendation]:
    """At most `limit` operations that may come next in a workflow (operations in order; none yet: that may begin one), the
    likeliest first.

    With a user's id, what that user did before counts too, unless they have opted out of analytics; what is told to them is
    remembered in part, to see whether they do it. Before anything was learned, a prior that is built in answers."""
    recommender = serving().current()
    if recommender is None:
        return _from_prior(current_workflow, limit)
    asking = person(user_id) if user_id is not None else None
    own = asking.own if asking else None
    found = recommender.recommend(current_workflow, platform, own, max(limit, _REMEMBERED))
    if asking and asking.hash and found:
        remember(asking, platform, serving().card().model, [each.operation for each in found[:_REMEMBERED]])
    return found[:limit]


def _from_prior(workflow: Sequence[str], limit: int) -> list[Recommendation]:
    reason = prior_reason(workflow)
    return [Recommendation(item, probability, reason, "prior") for item, probability in prior().rank(workflow, limit)]


def model_card() -> ModelCard:
    """The card of the recommender that serves; of the prior before anything was learned."""
    return serving().card()
