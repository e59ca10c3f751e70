"""The delivery log: what became of each message, and sending again what did not arrive."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from shared.core.clients import firestore_client
from shared.core.documents import newest_first
from shared.core.errors import Conflict, NotFound
from shared.core.paging import Page
from shared.notifications.claiming import write
from shared.notifications.delivery import COLLECTION, Delivery, DeliveryState, parse_delivery, reference_of

if TYPE_CHECKING:
    from google.cloud.firestore import Transaction

_MOST = 500
"""Dead letters that are replayed at once."""


def get_delivery(delivery_id: str) -> Delivery:
    """A delivery. Raises NotFound."""
    found = parse_delivery(reference_of(delivery_id).get().to_dict())
    if found is None:
        raise NotFound(f"There is no delivery {delivery_id}; after 90 days they are forgotten.")
    return found


def list_deliveries(
    limit: int, page_token: str | None = None, *, channel: str | None = None, state: DeliveryState | None = None
) -> Page[Delivery]:
    """Deliveries, the newest first; of a channel, in a state."""
    return newest_first(_query(channel, state), Delivery.model_validate, limit, page_token)


def replay(delivery_id: str, at: datetime) -> Delivery:
    """Let a delivery go out again, as the same message, with as many attempts as at first. Raises NotFound, and Conflict if it is
    still on its way."""
    from google.cloud import firestore

    @firestore.transactional
    def change(transaction: "Transaction") -> Delivery:
        delivery = parse_delivery(reference_of(delivery_id).get(transaction=transaction).to_dict())
        if delivery is None:
            raise NotFound(f"There is no delivery {delivery_id}; after 90 days they are forgotten.")
        if not delivery.state.final:
            raise Conflict(
                f"This delivery is {delivery.state.value}: it is still on its way. Replay it when it is over."
            )
        again = delivery.replayed(at)
        write(transaction, again)
        return again

    return cast("Delivery", change(firestore_client().transaction()))


def replay_dead(channel_id: str, at: datetime) -> list[Delivery]:
    """Replay the newest dead letters of a channel, 500 at most; what went into a bundle goes with it."""
    dead = list_deliveries(_MOST, channel=channel_id, state=DeliveryState.DEAD).items
    return [replay(delivery.id, at) for delivery in dead if delivery.carrier is None]


def _query(channel: str | None, state: DeliveryState | None) -> Any:
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION)
    if channel is not None:
        query = query.where(filter=FieldFilter("channelId", "==", channel))
    if state is not None:
        query = query.where(filter=FieldFilter("state", "==", state.value))
    return query
