"""Reasons: why an operation is recommended, in a sentence."""

from collections.abc import Sequence

from shared.patterns.recommending.followers import Context, Table
from shared.patterns.recommending.own import Habit
from shared.patterns.recommending.session import START, contexts

LONGEST = 2
"""Operations that a reason looks back on, at most."""


def reason_of(operation: str, workflow: Sequence[str], followers: Table) -> str:
    """What people did after the longest end of the workflow after which they did this."""
    for context in reversed(contexts(workflow, LONGEST)):
        known = followers.get(context)
        if known and (times := known.counts.get(operation)):
            if context == (START,):
                return f"People began with it in {times / known.total:.0%} of {known.total} sessions."
            return f"{_where(context, 'people')} ran it next in {times / known.total:.0%} of {known.total} cases."
    return "People run it in workflows like this one." if workflow else "People run it in many workflows."


def own_reason(operation: str, habit: Habit) -> str:
    """What this person did."""
    if habit.context == (START,):
        return f"You began with it in {habit.counts[operation]} of {habit.total} sessions."
    return f"{_where(habit.context, 'you')} ran it next in {habit.counts[operation]} of {habit.total} cases."


def prior_reason(workflow: Sequence[str]) -> str:
    """What can be said before anybody was watched."""
    return f"Usual {f'after {workflow[-1]}' if workflow else 'to begin with'}; nobody's work was learned from yet."


def _where(context: Context, who: str) -> str:
    """`After trim and then resize, people`."""
    names = " and then ".join(item for item in context if item != START)
    return f"Having begun with {names}, {who}" if START in context else f"After {names}, {who}"
