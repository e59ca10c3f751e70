"""Policies, schedules and contacts of this deployment, kept in Firestore."""

from shared.alerts.escalation.contacts import Contact, Directory
from shared.alerts.escalation.policies import EscalationPolicy
from shared.alerts.escalation.schedules import OnCallSchedule
from shared.alerts.routing.keeping import Settings
from shared.notifications import channels_in_use

POLICIES = Settings("escalation_policies", EscalationPolicy, "escalation policy")
SCHEDULES = Settings("on_call_schedules", OnCallSchedule, "on-call schedule")
CONTACTS = Settings("alert_contacts", Contact, "contact")


def load_directory() -> Directory:
    """Everybody who can be told."""
    return Directory(CONTACTS.load(), SCHEDULES.load(), channels_in_use())
