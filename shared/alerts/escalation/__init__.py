"""Escalation: seeing to it that somebody answers an alert. On-call schedules, contacts, and policies of steps."""

from shared.alerts.escalation.contacts import Address, Contact, ContactContent, Directory, Reach, Way
from shared.alerts.escalation.escalations import Escalation, Outcome, Page, begin_escalation, escalate
from shared.alerts.escalation.kept import CONTACTS, POLICIES, SCHEDULES, load_directory
from shared.alerts.escalation.policies import EscalationPolicy, PolicyContent, PolicyStep
from shared.alerts.escalation.saving import (
    add_override,
    delete_contact,
    delete_policy,
    delete_schedule,
    save_contact,
    save_policy,
    save_routing,
    save_schedule,
)
from shared.alerts.escalation.schedules import (
    Layer,
    OnCallSchedule,
    Override,
    ScheduleContent,
    Shift,
    TurnUnit,
    moment_of,
    next_hand_overs,
    shifts,
)

__all__ = [
    "CONTACTS",
    "POLICIES",
    "SCHEDULES",
    "Address",
    "Contact",
    "ContactContent",
    "Directory",
    "Escalation",
    "EscalationPolicy",
    "Layer",
    "OnCallSchedule",
    "Outcome",
    "Override",
    "Page",
    "PolicyContent",
    "PolicyStep",
    "Reach",
    "ScheduleContent",
    "Shift",
    "TurnUnit",
    "Way",
    "add_override",
    "begin_escalation",
    "delete_contact",
    "delete_policy",
    "delete_schedule",
    "escalate",
    "load_directory",
    "moment_of",
    "next_hand_overs",
    "save_contact",
    "save_policy",
    "save_routing",
    "save_schedule",
    "shifts",
]
