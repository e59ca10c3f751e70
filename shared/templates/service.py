"""TemplateService: users' templates, every version kept, and kompositions made from them."""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import InvalidInput
from shared.core.paging import Page
from shared.core.versions import CurrentCheck, delete_with, newest_versions, not_there, version_of, write_next
from shared.kompositions import (
    Komposition,
    KompositionDocument,
    KompositionService,
    Read,
    delete_content,
    keep_content,
)
from shared.templates.filling import fill_template, template_problems
from shared.templates.template import (
    Template,
    TemplateSummary,
    parse_summary,
    parse_template,
    template_reference,
)
from shared.templates.variable import MAX_VARIABLES, Variable

_SUMMARY = [field.alias or name for name, field in TemplateSummary.model_fields.items()]


class TemplateService:
    """Saves, reads, lists and deletes the templates of users, and makes kompositions from them."""

    def save_template(
        self,
        user_id: str,
        template_id: str,
        komposition: Komposition,
        variables: list[Variable],
        *,
        name: str,
        description: str = "",
        check: CurrentCheck | None = None,
    ) -> Template:
        """Create the template or save its next version. Raises InvalidInput with an error per variable that does not fit."""
        if len(variables) > MAX_VARIABLES:
            raise InvalidInput(f"A template has at most {MAX_VARIABLES} variables.", pointer="/variables")
        problems = template_problems(komposition, variables)
        if problems:
            raise InvalidInput(f"The template's variables do not fit it. {problems[0].detail}", errors=problems)
        content = komposition.to_json()
        reference = template_reference(user_id, template_id)
        kept = keep_content(reference.path, content)

        def following(current: TemplateSummary | None) -> tuple[TemplateSummary, dict[str, Any]]:
            moment = now()
            saved = TemplateSummary(
                id=template_id,
                user_id=user_id,
                name=name,
                description=description,
                version=current.version + 1 if current else 1,
                variables=variables,
                created=current.created if current else moment,
                modified=moment,
            )
            return saved, {**saved.fields(), **kept.fields}

        written = write_next(reference, parse_summary, check, following)
        kept.confirm()
        return Template(**dict(written), komposition=content)

    def create_template(self, user_id: str, template_id: str, *content: Any, **named: Any) -> Template:
        """save_template under an id made for it. Called again with the id, it finds what it made."""
        if template_reference(user_id, template_id).get(["id"]).exists:
            return self.get_template(user_id, template_id)
        return self.save_template(user_id, template_id, *content, **named)

    def get_template(self, user_id: str, template_id: str, version: int | None = None) -> Template:
        """A template of the user, at its newest or the given version. Raises NotFound."""
        reference = template_reference(user_id, template_id)
        if version is not None:
            reference = version_of(reference, version)
        stored = reference.get().to_dict()
        if stored is None:
            raise not_there(f"template {template_id}", version)
        return parse_template(stored)

    def list_templates(self, user_id: str, limit: int, page_token: str | None = None) -> Page[TemplateSummary]:
        """The user's templates, last changed first."""
        templates = firestore_client().collection("users", user_id, "templates").select(_SUMMARY)
        return newest_first(templates, parse_summary, limit, page_token, time="modified")

    def list_versions(
        self, user_id: str, template_id: str, limit: int, page_token: str | None = None
    ) -> Page[TemplateSummary]:
        """The versions of a template, the newest first. Raises NotFound."""
        reference = template_reference(user_id, template_id)
        if not reference.get(["id"]).exists:
            raise not_there(f"template {template_id}")
        return newest_versions(reference, parse_summary, limit, page_token, fields=_SUMMARY)

    def delete_template(self, user_id: str, template_id: str, check: CurrentCheck | None = None) -> None:
        """Delete a template with its versions. Raises NotFound, and what `check` raises."""
        template = self.get_template(user_id, template_id)
        if check is not None:
            check(template.etag)
        delete_content(template.reference.path)
        delete_with(template.reference)

    def instantiate(
        self,
        user_id: str,
        template_id: str,
        values: Mapping[str, JsonValue],
        *,
        komposition_id: str,
        title: str | None = None,
        platform: str = "webapp",
        version: int | None = None,
    ) -> KompositionDocument:
        """Make a komposition: the template's, with the values in it. The same komposition id again finds the same one.

        Raises NotFound, and InvalidInput with an error at /values/{name} for each value that does not fit."""
        template = self.get_template(user_id, template_id, version)
        komposition = fill_template(template.parse(), template.variables, values)
        return KompositionService().create_komposition(
            user_id,
            komposition_id,
            Read(komposition),
            title=title or template.name,
            description=template.description,
            platform=platform,
            message=f"From template {template.name}, version {template.version}",
        )
