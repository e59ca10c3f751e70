"""Saving: routes, policies, schedules and contacts, once all that they name is there; deleted once nothing names them.

`by` is who does it: each change is in the audit log."""

from collections.abc import Iterable

from shared.alerts.escalation import references
from shared.alerts.escalation.contacts import Contact
from shared.alerts.escalation.kept import CONTACTS, POLICIES, SCHEDULES
from shared.alerts.escalation.policies import EscalationPolicy
from shared.alerts.escalation.references import Kind
from shared.alerts.escalation.schedules import OnCallSchedule, Override
from shared.alerts.routing import Kept, Routing
from shared.alerts.routing.kept import CURRENT, ROUTING
from shared.core.errors import Conflict, FieldError, InvalidInput, NotFound
from shared.core.versions import CurrentCheck


def save_routing(routing: Routing, check: CurrentCheck | None = None, *, by: str) -> Kept[Routing]:
    """Set the routes. Raises InvalidInput with each place that names what is not there, and what `check` raises."""
    _refuse(references.missing(references.of_routing(routing)))
    return ROUTING.put(CURRENT, routing, check, by=by)[0]


def save_policy(
    policy: EscalationPolicy, check: CurrentCheck | None = None, *, by: str
) -> tuple[Kept[EscalationPolicy], bool]:
    """Write a policy; whether it is new. Raises as `save_routing`."""
    _refuse(references.missing(references.of_policy(policy)))
    return POLICIES.put(policy.id, policy, check, by=by)


def save_schedule(
    schedule: OnCallSchedule, check: CurrentCheck | None = None, *, by: str
) -> tuple[Kept[OnCallSchedule], bool]:
    """Write a schedule; whether it is new. Raises as `save_routing`."""
    _refuse(references.missing(references.of_schedule(schedule)))
    return SCHEDULES.put(schedule.id, schedule, check, by=by)


def save_contact(contact: Contact, check: CurrentCheck | None = None, *, by: str) -> tuple[Kept[Contact], bool]:
    """Write a contact; whether it is new. Raises as `save_routing`, also for addresses that a channel cannot reach."""
    _refuse([*references.missing(references.of_contact(contact)), *references.unfit_addresses(contact)])
    return CONTACTS.put(contact.id, contact, check, by=by)


def add_override(schedule_id: str, override: Override, *, by: str) -> Kept[OnCallSchedule]:
    """Let somebody stand in, after the overrides that there are. Raises NotFound, and InvalidInput if they are no contact."""
    SCHEDULES.get(schedule_id)
    if not CONTACTS.existing({override.person}):
        raise InvalidInput(f"There is no contact {override.person}. Create it first.", pointer="/person")

    def add(schedule: OnCallSchedule | None) -> OnCallSchedule:
        if schedule is None:
            raise NotFound(f"There is no on-call schedule {schedule_id}.")
        return OnCallSchedule.model_validate({**dict(schedule), "overrides": (*schedule.overrides, override)})

    return SCHEDULES.change(schedule_id, add, by=by)[0]


def delete_policy(policy_id: str, check: CurrentCheck | None = None, *, by: str) -> None:
    """Delete a policy. Raises NotFound, Conflict if something names it, and what `check` raises."""
    _refuse_if_named(Kind.POLICY, policy_id)
    POLICIES.delete(policy_id, check, by=by)


def delete_schedule(schedule_id: str, check: CurrentCheck | None = None, *, by: str) -> None:
    """Delete a schedule. Raises as `delete_policy`."""
    _refuse_if_named(Kind.SCHEDULE, schedule_id)
    SCHEDULES.delete(schedule_id, check, by=by)


def delete_contact(contact_id: str, check: CurrentCheck | None = None, *, by: str) -> None:
    """Delete a contact. Raises as `delete_policy`."""
    _refuse_if_named(Kind.PERSON, contact_id)
    CONTACTS.delete(contact_id, check, by=by)


def _refuse(errors: Iterable[FieldError]) -> None:
    found = list(errors)
    if found:
        raise InvalidInput(found[0].detail, errors=found)


def _refuse_if_named(kind: Kind, setting_id: str) -> None:
    if named := references.naming(kind, setting_id):
        raise Conflict(f"The {kind} {setting_id} is named by {' and '.join(named)}. Take it out there first.")
