"""/v1/templates: the system's workflows that many users run, and a user's own: kompositions with variables."""

from enum import StrEnum
from typing import Any

from flask import Response
from pydantic import Field, JsonValue, RootModel

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal, require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.kompositions.models import Content, Platform, StoredKomposition, Title, stored
from functions.resources.kompositions.models import service as kompositions
from functions.resources.system_templates import SystemTemplate, SystemTemplateVersion, seen_template
from shared import templates
from shared.core.errors import NotFound
from shared.core.principal import Role
from shared.events import Platform as EventPlatform
from shared.kompositions import read_komposition
from shared.patterns import TemplateSort, TemplateState
from shared.patterns import get_version as system_version
from shared.patterns import list_templates as system_templates
from shared.patterns import list_versions as list_system_versions
from shared.templates import MAX_VARIABLES, TemplateService, Variable

api = resource("templates")
service = TemplateService()


class TemplateScope(StrEnum):
    """Whose templates."""

    SYSTEM = "system"
    MINE = "mine"


class TemplatesQuery(PageQuery):
    """Which templates."""

    scope: TemplateScope = Field(default=TemplateScope.SYSTEM, description="What many users run, or your own")
    workflow_type: str | None = Field(default=None, max_length=64, description="Of the system's: what they are for")
    platform: EventPlatform | None = Field(default=None, description="Of the system's: where they are run")
    sort: TemplateSort = Field(default=TemplateSort.FREQUENCY, description="Of the system's: what comes first")
    state: TemplateState = Field(
        default=TemplateState.PUBLISHED, description="Of the system's; others than published ones are for operators"
    )


class OwnTemplateSummary(WireModel):
    """A template of yours as lists show it."""

    id: str
    name: str
    description: str
    version: int
    variables: list[Variable]
    created: str
    modified: str

    @classmethod
    def of(cls, template: templates.TemplateSummary) -> "OwnTemplateSummary":
        """The wire form."""
        fields: dict[str, Any] = template.model_dump(mode="json", include=set(cls.model_fields))
        return cls.model_validate(fields)


class OwnTemplate(OwnTemplateSummary):
    """A template of yours with its komposition in the canonical form."""

    komposition: Content


class AnyTemplate(RootModel[OwnTemplate | SystemTemplate]):
    """A template of yours, or one of the system's."""


class AnyVersion(RootModel[OwnTemplate | SystemTemplateVersion]):
    """A version of a template of yours, or of one of the system's."""


class TemplateList(WireModel):
    """A page of templates: the system's, as they are sorted, or your own, the last changed first."""

    items: list[SystemTemplate | OwnTemplateSummary]
    next_page_token: str | None


class Described(WireModel):
    """What every template needs."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)
    variables: list[Variable] = Field(default_factory=list, max_length=MAX_VARIABLES)


class NewTemplate(Described):
    """A template to save."""

    komposition: dict[str, JsonValue] = Field(description="A komposition of any known format")


class ChangedTemplate(Described):
    """The next version of a template. Without a komposition, that stays as it was."""

    komposition: dict[str, JsonValue] | None = None


class FromKomposition(Described):
    """A template to make of a komposition."""

    version: int | None = Field(default=None, ge=1, le=2**53, description="Of the komposition; left out: the newest")


class Filling(WireModel):
    """Values of a template's variables by name; those left out have their defaults."""

    values: dict[str, JsonValue] = Field(default_factory=dict)
    title: Title | None = None
    platform: Platform = "webapp"
    version: int | None = Field(default=None, ge=1, le=2**53, description="Of the template; left out: the newest")


class TemplateVersionPath(WireModel):
    """A version of a template."""

    id: Id
    version: int = Field(ge=1, le=2**53)


class TemplateVersionList(WireModel):
    """A page of versions, the newest first."""

    items: list[OwnTemplateSummary | SystemTemplateVersion]
    next_page_token: str | None


@api.get("/v1/templates", responses={200: TemplateList})
def list_templates(query: TemplatesQuery) -> Response:
    """The system's templates, the most frequent first; or your own, the last changed first"""
    if query.scope is TemplateScope.SYSTEM:
        return _system_page(query)
    page = service.list_templates(principal().uid, query.limit, query.page_token)
    items = [OwnTemplateSummary.of(each) for each in page.items]
    return answer(TemplateList(items=list(items), next_page_token=page.next_page_token))


@api.post("/v1/templates", responses={201: OwnTemplate})
@idempotent
def create_template(body: NewTemplate) -> Response:
    """Save a template under an id of our choice"""
    komposition = read_komposition(body.komposition).komposition
    return _created(komposition, body)


@api.post("/v1/kompositions/<string:id>/template", responses={201: OwnTemplate})
@idempotent
def save_as_template(path: IdPath, body: FromKomposition) -> Response:
    """Make a template of a komposition: say which of its places are variables"""
    return _created(kompositions.get_komposition(principal().uid, path.id, body.version).parse(), body)


@api.get("/v1/templates/<string:id>", responses={200: AnyTemplate})
def get_template(path: IdPath) -> Response:
    """A template of yours at its newest version, or one of the system's"""
    try:
        return _told(service.get_template(principal().uid, path.id))
    except NotFound:
        template = seen_template(path.id)
        return answer(SystemTemplate.of(template), etag=template.etag)


@api.put("/v1/templates/<string:id>", responses={200: OwnTemplate, 201: OwnTemplate})
def put_template(path: IdPath, body: ChangedTemplate) -> Response:
    """Create the template or save its next version; send If-Match so that nobody's work is lost"""
    uid = principal().uid
    if body.komposition is None:
        komposition = service.get_template(uid, path.id).parse()
    else:
        komposition = read_komposition(body.komposition).komposition
    named = {"name": body.name, "description": body.description}
    saved = service.save_template(uid, path.id, komposition, body.variables, **named, check=precondition().check)
    return _told(saved, 201 if saved.version == 1 else 200)


@api.delete("/v1/templates/<string:id>", responses={204: None})
def delete_template(path: IdPath) -> Response:
    """Delete a template with its versions; kompositions made from it stay"""
    service.delete_template(principal().uid, path.id, precondition().check)
    return no_content()


@api.get("/v1/templates/<string:id>/versions", responses={200: TemplateVersionList})
def list_template_versions(path: IdPath, query: PageQuery) -> Response:
    """The versions of a template, the newest first"""
    try:
        page = service.list_versions(principal().uid, path.id, query.limit, query.page_token)
    except NotFound:
        seen_template(path.id)
        return _system_versions(path.id, query)
    items = [OwnTemplateSummary.of(each) for each in page.items]
    return answer(TemplateVersionList(items=list(items), next_page_token=page.next_page_token))


@api.get("/v1/templates/<string:id>/versions/<int:version>", responses={200: AnyVersion})
def get_template_version(path: TemplateVersionPath) -> Response:
    """A template as it was in one version"""
    try:
        return _told(service.get_template(principal().uid, path.id, path.version))
    except NotFound:
        seen_template(path.id)
        return answer(SystemTemplateVersion.of(system_version(path.id, path.version)))


@api.post("/v1/templates/<string:id>/instantiate", responses={201: StoredKomposition})
@idempotent
def instantiate_template(path: IdPath, body: Filling) -> Response:
    """Make a komposition from a template of yours"""
    document = service.instantiate(
        principal().uid,
        path.id,
        body.values,
        komposition_id=resource_id(),
        title=body.title,
        platform=body.platform,
        version=body.version,
    )
    return stored(document, 201, Location=f"/v1/kompositions/{document.id}")


def _system_page(query: TemplatesQuery) -> Response:
    if query.state is not TemplateState.PUBLISHED:
        require_role(Role.OPERATOR)
    page = system_templates(
        query.limit,
        query.page_token,
        state=query.state,
        workflow_type=query.workflow_type,
        platform=query.platform,
        sort=query.sort,
    )
    items = [SystemTemplate.of(each) for each in page.items]
    return answer(TemplateList(items=list(items), next_page_token=page.next_page_token))


def _system_versions(identifier: str, query: PageQuery) -> Response:
    page = list_system_versions(identifier, query.limit, query.page_token)
    items = [SystemTemplateVersion.of(each) for each in page.items]
    return answer(TemplateVersionList(items=list(items), next_page_token=page.next_page_token))


def _created(komposition: Any, body: Described) -> Response:
    template = service.create_template(
        principal().uid, resource_id(), komposition, body.variables, name=body.name, description=body.description
    )
    return _told(template, 201, Location=f"/v1/templates/{template.id}")


def _told(template: templates.Template, status: int = 200, **headers: str) -> Response:
    told = dict(OwnTemplateSummary.of(template))
    wire = OwnTemplate.model_construct(**told, komposition=template.komposition)
    return answer(wire, status, etag=template.etag, **headers)
