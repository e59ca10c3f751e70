"""/v1/alert-contacts: people who can be told of alerts, and the ways that they prefer."""

from flask import Response

from functions.http.answers import IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from shared.alerts import escalation
from shared.alerts.escalation import CONTACTS, Contact, ContactContent
from shared.alerts.routing import Kept
from shared.core.principal import Role

api = resource("alert-contacts")


class ContactList(WireModel):
    """A page of contacts, by id."""

    items: list[Contact]
    next_page_token: str | None


@api.get("/v1/alert-contacts", responses={200: ContactList})
def list_contacts(query: PageQuery) -> Response:
    """Contacts by id; for operators"""
    require_role(Role.OPERATOR)
    page = CONTACTS.listed(query.limit, query.page_token)
    return answer(ContactList(items=page.items, next_page_token=page.next_page_token))


@api.post("/v1/alert-contacts", responses={201: Contact})
@idempotent
def create_contact(body: ContactContent) -> Response:
    """Create a contact under an id of our choice; for operators"""
    operator = require_role(Role.OPERATOR)
    kept, _ = escalation.save_contact(Contact(id=resource_id(), **dict(body)), by=operator.uid)
    return _told(kept, 201, Location=f"/v1/alert-contacts/{kept.setting.id}")


@api.get("/v1/alert-contacts/<string:id>", responses={200: Contact})
def get_contact(path: IdPath) -> Response:
    """A contact; for operators"""
    require_role(Role.OPERATOR)
    return _told(CONTACTS.get(path.id))


@api.put("/v1/alert-contacts/<string:id>", responses={200: Contact, 201: Contact})
def put_contact(path: IdPath, body: ContactContent) -> Response:
    """Create or change a contact: by which channels to tell them of alerts of which severity; for operators"""
    operator = require_role(Role.OPERATOR)
    kept, new = escalation.save_contact(Contact(id=path.id, **dict(body)), precondition().check, by=operator.uid)
    return _told(kept, 201 if new else 200)


@api.delete("/v1/alert-contacts/<string:id>", responses={204: None})
def delete_contact(path: IdPath) -> Response:
    """Delete a contact that nothing names; for operators"""
    operator = require_role(Role.OPERATOR)
    escalation.delete_contact(path.id, precondition().check, by=operator.uid)
    return no_content()


def _told(kept: Kept[Contact], status: int = 200, **headers: str) -> Response:
    return answer(kept.setting, status, etag=kept.etag, **headers)
