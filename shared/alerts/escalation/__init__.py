"""Escalation: seeing to it that somebody answers an alert. On-call schedules, contacts, and policies of steps."""

from shared.alerts.escalation.contacts import Address, Contact, Directory, Reach, Way
from shared.alerts.escalation.escalations import Escalation, Outcome, Page, begin_escalation, escalate
from shared.alerts.escalation.policies import EscalationPolicy, PolicyStep
from shared.alerts.escalation.schedules import (
    Layer,
    OnCallSchedule,
    Override,
    Shift,
    Unit,
    moment_of,
    next_hand_overs,
    shifts,
)

__all__ = [
    "Address",
    "Contact",
    "Directory",
    "Escalation",
    "EscalationPolicy",
    "Layer",
    "OnCallSchedule",
    "Outcome",
    "Override",
    "Page",
    "PolicyStep",
    "Reach",
    "Shift",
    "Unit",
    "Way",
    "begin_escalation",
    "escalate",
    "moment_of",
    "next_hand_overs",
    "shifts",
]
