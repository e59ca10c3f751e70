"""/v1/templates: workflows that many users run, ready to be run by others."""

from flask import Response

from functions.http.answers import PageQuery, WireModel, answer
from functions.http.openapi import resource
from shared.patterns import Template
from shared.patterns import list_templates as templates

api = resource("templates")


class TemplateList(WireModel):
    """A page of templates, the most used first."""

    items: list[Template]
    next_page_token: str | None


@api.get("/v1/templates", responses={200: TemplateList})
def list_templates(query: PageQuery) -> Response:
    """The system's templates, the most used first"""
    page = templates(query.limit, query.page_token)
    return answer(TemplateList(items=page.items, next_page_token=page.next_page_token))
