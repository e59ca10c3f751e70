"""The silences and the routing of this deployment, kept in Firestore."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from shared.alerts.routing.keeping import Kept, Settings
from shared.alerts.routing.matching import Matcher
from shared.alerts.routing.routes import Route, Routing
from shared.alerts.routing.silences import Silence, SilenceState
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import Conflict, FieldError, InvalidInput, NotFound
from shared.core.ids import new_id
from shared.core.paging import Page
from shared.core.versions import CurrentCheck

SILENCES = Settings("alert_silences", Silence, "silence", times=("starts_at", "ends_at", "created_at"))
ROUTING = Settings("alert_routing", Routing, "routing")
CURRENT = "current"


def load_routing() -> Routing:
    """What operators have set, or what a deployment starts with."""
    return ROUTING.load().get(CURRENT) or default_routing()


def get_routing() -> tuple[Routing, str | None]:
    """What operators have set, and its ETag; or what a deployment starts with, and None."""
    try:
        kept = ROUTING.get(CURRENT)
    except NotFound:
        return default_routing(), None
    return kept.setting, kept.etag


def default_routing() -> Routing:
    """What a deployment starts with: groups by rule, told to nobody."""
    return Routing(route=Route())


def open_silence(
    matchers: Sequence[Matcher],
    *,
    starts_at: datetime,
    ends_at: datetime,
    owner: str,
    comment: str = "",
    silence_id: str | None = None,
    by: str | None = None,
) -> Silence:
    """Silence what matches from now on or later. With an id, doing it again changes nothing but its times and comment. `owner` is
    a user, or what acts by itself; `by` whom it is opened, if the audit log shall tell. Raises InvalidInput that says what is
    wrong with it."""
    moment = now()
    fields = {"matchers": matchers, "starts_at": starts_at, "ends_at": ends_at, "owner": owner, "comment": comment}
    silence = _checked({**fields, "id": silence_id or new_id(), "created_at": moment})
    if silence.state_at(moment) is SilenceState.EXPIRED:
        raise InvalidInput("The silence is over before it begins. Let it end in the future.", pointer="/endsAt")

    def write(before: Silence | None) -> Silence:
        return silence if before is None else silence.model_copy(update={"created_at": before.created_at})

    return SILENCES.change(silence.id, write, by=by)[0].setting


def get_silence(silence_id: str) -> Kept[Silence]:
    """A silence. Raises NotFound."""
    return SILENCES.get(silence_id)


def change_silence(
    silence_id: str, changes: dict[str, Any], check: CurrentCheck | None = None, *, by: str
) -> Kept[Silence]:
    """Change a silence that is not over yet. Raises NotFound, Conflict, InvalidInput, and what `check` raises."""
    return _changed(silence_id, lambda silence: _checked({**dict(silence), **changes}), check, by)


def expire_silence(silence_id: str, check: CurrentCheck | None = None, *, by: str | None = None) -> Kept[Silence]:
    """End a silence now; it is kept, as what was held back and why must be found later. Raises NotFound, Conflict, and what
    `check` raises."""
    moment = now()

    def end(silence: Silence) -> Silence:
        return silence.model_copy(update={"starts_at": min(silence.starts_at, moment), "ends_at": moment})

    return _changed(silence_id, end, check, by)


def _changed(
    silence_id: str, change: Callable[[Silence], Silence], check: CurrentCheck | None, by: str | None
) -> Kept[Silence]:
    SILENCES.get(silence_id)

    def apply(silence: Silence | None) -> Silence:
        if silence is None or silence.state_at(now()) is SilenceState.EXPIRED:
            raise Conflict("This silence is over. Open another one.")
        return change(silence)

    return SILENCES.change(silence_id, apply, check, by=by)[0]


def _checked(fields: dict[str, Any]) -> Silence:
    try:
        return Silence.model_validate(fields)
    except ValidationError as invalid:
        errors = [
            FieldError(
                "".join(f"/{to_camel(str(each))}" for each in error["loc"]), error["msg"].removeprefix("Value error, ")
            )
            for error in invalid.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise InvalidInput(errors[0].detail, errors=errors) from None


def silences_in_force(at: datetime) -> tuple[Silence, ...]:
    """The silences that hold at this time."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(SILENCES.collection).where(filter=FieldFilter("endsAt", ">", at))
    return tuple(each for each in SILENCES.load(query).values() if each.state_at(at) is SilenceState.ACTIVE)


def list_silences(limit: int, page_token: str | None = None, *, current: bool = False) -> Page[Silence]:
    """Silences, the one that ends last first; or only those that are not over."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(SILENCES.collection)
    if current:
        query = query.where(filter=FieldFilter("endsAt", ">", now()))
    return newest_first(query, SILENCES.parse, limit, page_token, time="endsAt")
