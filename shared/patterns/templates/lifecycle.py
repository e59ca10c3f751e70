"""Lifecycle: what becomes of a template when it is looked at again. Pure: no clock, no database.

Proposed -> reviewed -> published -> retired: by an operator, or by the thresholds of `learning.yaml`. Thresholds never undo an
operator's decision by what was known when it was made: they retire what an operator has published only for what happened in a
whole period of disuse since, and do not bring back what an operator has retired. One thing is above operators: what fewer than K
people do is not shown.
"""

from collections.abc import Collection
from datetime import datetime

from shared.events import K_ANONYMITY
from shared.patterns.learning import learning
from shared.patterns.saving import Saving
from shared.patterns.templates.drafting import Draft
from shared.patterns.templates.naming import slug_of, title_of
from shared.patterns.templates.template import Content, Figures, Template, TemplateState
from shared.patterns.templates.usage import Usage

GONE = "The pattern no longer has what a template must have."
_NO_USE = Usage()


def begun(draft: Draft, usage: Usage | None, taken: Collection[str], at: datetime) -> Template:
    """A new template: proposed, or published at once if it has what that takes."""
    title = title_of(draft.pattern.operations, draft.workflow_type, taken)
    template = Template(
        id=draft.id,
        slug=title.slug,
        operations=draft.pattern.operations,
        name=title.name,
        description=title.description,
        workflow_type=draft.workflow_type,
        steps=draft.steps,
        created=at,
        modified=at,
        decided_at=at,
        **_fields(draft.figures()),
    )
    return _by_thresholds(_used(template, usage or _NO_USE), usage or _NO_USE, at)


def renewed(template: Template, draft: Draft | None, usage: Usage | None, at: datetime) -> Template | None:
    """The template as it is after another look; None: it is to be forgotten. Without a draft nobody runs the pattern any more."""
    figures = draft.figures() if draft else Figures(saving=Saving.of(len(template.operations)))
    looked = template.model_copy(update=_fields(figures))
    if draft is not None and draft.pattern.is_candidate and template.state is not TemplateState.RETIRED:
        content = Content(
            name=template.name, description=template.description, workflow_type=draft.workflow_type, steps=draft.steps
        )
        if content.digest != template.content.digest:
            changed = {**_fields(content), "version": template.version + 1, "modified": at}
            looked = looked.model_copy(update=changed)
        else:
            looked = looked.model_copy(update={"steps": draft.steps})
    looked = _used(looked, usage or _NO_USE)
    forgotten = template.state is TemplateState.PROPOSED and (draft is None or not draft.proposed)
    return None if forgotten and template.decisions == 1 else _by_thresholds(looked, usage or _NO_USE, at)


def given_name(template: Template, name: str, description: str | None, at: datetime) -> Template:
    """Under a name that an operator gives it, which it keeps."""
    update = {"name": name, "slug": slug_of(name), "renamed": True, "version": template.version + 1, "modified": at}
    return template.model_copy(update={**update, "description": description or template.description})


def _by_thresholds(template: Template, usage: Usage, at: datetime) -> Template:
    match template.state:
        case TemplateState.PUBLISHED:
            reason = _why_retired(template, usage, at)
            return template.moved(TemplateState.RETIRED, at, by_operator=False, reason=reason) if reason else template
        case TemplateState.RETIRED if template.by_operator:
            return template
        case _:
            if not _may_be_published(template) or _why_retired(template, usage, at):
                return template
            reason = f"{template.frequency} sessions of {template.user_count} people, {template.success_rate:.0%} successful."
            return template.moved(TemplateState.PUBLISHED, at, by_operator=False, reason=reason)


def _may_be_published(template: Template) -> bool:
    least = learning().publish
    return (
        template.user_count >= K_ANONYMITY
        and template.frequency >= least.frequency
        and template.success_rate >= least.success_rate
    )


def _why_retired(template: Template, usage: Usage, at: datetime) -> str | None:
    """Why the thresholds end it; None when they do not."""
    figures = learning().retire
    if template.user_count < K_ANONYMITY:
        return f"Fewer than {K_ANONYMITY} people run it now."
    if template.by_operator and template.state is TemplateState.PUBLISHED and template.decided_at > at - figures.unused:
        return None
    last = max(filter(None, (template.last_seen, usage.last_used)), default=None)
    if last is None or last < at - figures.unused:
        return f"Nobody has run it for {figures.unused_days} days."
    runs = template.recent_occurrences + usage.recent_uses
    successes = template.recent_successes + usage.recent_successes
    if runs >= figures.runs and successes < figures.success_rate * runs:
        return f"Only {successes / runs:.0%} of its runs in the last 28 days succeeded."
    return None


def _used(template: Template, usage: Usage) -> Template:
    uses, rate = usage.told
    return template.model_copy(update={"uses": uses, "use_success_rate": rate})


def _fields(model: Content | Figures) -> dict[str, object]:
    return {name: getattr(model, name) for name in type(model).model_fields}
