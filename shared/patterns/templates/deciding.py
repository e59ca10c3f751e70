"""Deciding: what operators do with templates. Each decision is in the template's `decisions` and in the audit log."""

from typing import Any

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, NotFound
from shared.events import K_ANONYMITY
from shared.patterns.templates.lifecycle import given_name
from shared.patterns.templates.store import known_templates, write
from shared.patterns.templates.template import Decision, Template, TemplateState, parse_template, template_reference

_FROM = {
    TemplateState.REVIEWED: (TemplateState.PROPOSED, TemplateState.REVIEWED, TemplateState.RETIRED),
    TemplateState.PUBLISHED: (TemplateState.PROPOSED, TemplateState.REVIEWED, TemplateState.RETIRED),
    TemplateState.RETIRED: (TemplateState.PROPOSED, TemplateState.REVIEWED, TemplateState.PUBLISHED),
}


def decide(
    identifier: str,
    after: TemplateState,
    operator: str,
    comment: str = "",
    *,
    name: str | None = None,
    description: str | None = None,
) -> Template:
    """Put a template into a state, and with a name give it that. Raises NotFound, and Conflict when it cannot come there from
    its own, when fewer than K people run what is to be published, or when another template has the name."""
    from google.cloud import firestore

    reference = template_reference(identifier)
    taken = {each.name for each in known_templates() if each.id != identifier} if name else set()

    @firestore.transactional
    def transact(transaction: firestore.Transaction) -> Template:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is None or "state" not in stored:
            raise NotFound(f"There is no template {identifier}.")
        before = parse_template(stored)
        _check(before, after)
        if name in taken:
            raise Conflict(f"Another template is called {name!r}. Choose another name.", pointer="/name")
        moment = now()
        named = given_name(before, name, description, moment) if name else before
        decided = named.moved(after, moment, by_operator=True)
        write(transaction, before, decided, operator, comment)
        _audit(transaction, decided, operator, comment)
        return decided

    decided: Template = transact(firestore_client().transaction())
    return decided


def decisions_about(identifier: str) -> list[Decision]:
    """Every change of the template's state, the first one first. Raises NotFound."""
    reference = template_reference(identifier)
    found = [document.to_dict() for document in reference.collection("decisions").order_by("at").stream()]
    if not found:
        raise NotFound(f"There is no template {identifier}.")
    return [Decision.model_validate(each) for each in found]


def _check(template: Template, after: TemplateState) -> None:
    if template.state not in _FROM[after]:
        raise Conflict(f"This template is {template.state.value} and cannot become {after.value}.")
    if after is TemplateState.PUBLISHED and template.user_count < K_ANONYMITY:
        raise Conflict(
            f"At least {K_ANONYMITY} people must run what is shown to all; {template.user_count} run this. Wait for more."
        )


def _audit(transaction: Any, template: Template, operator: str, comment: str) -> None:
    entry = firestore_client().collection("audit_log").document()
    told = {"subject": template.reference.path, "action": f"template.{template.state.value}", "by": operator}
    transaction.create(entry, {**told, "at": template.decided_at, "comment": comment, "version": template.version})
