"""Running: a template as a chain of operations, on a user's media or as a chain of the user's own."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from shared.chains import Chain, ChainOrigin, ChainService, ChainStep, fitting_params, request_chain, wire
from shared.core.errors import Conflict, KompoError
from shared.jobs import Job
from shared.patterns.templates.template import Template


def chain_of(template: Template) -> list[ChainStep]:
    """Its steps with what they are usually run with, as far as our operations take it: others name their parameters otherwise."""
    return [
        ChainStep(operation=step.operation, params=fitting_params(step.operation, step.presets))
        for step in template.steps
    ]


def why_not_runnable(template: Template) -> str | None:
    """Why the template cannot be run here; None when it can."""
    try:
        wire(chain_of(template))
    except KompoError as error:
        return error.detail
    return None


def run_template(
    user_id: str,
    job_id: str,
    template: Template,
    asset_ids: Sequence[str],
    changes: Sequence[Mapping[str, JsonValue]] = (),
) -> Job:
    """Queue a run of the template on assets of the user, with `changes` of its parameters step by step.

    The same job id again returns the same job. Raises Conflict when it cannot be run here, and InvalidChain."""
    _check(template)
    return request_chain(user_id, job_id, chain_of(template), asset_ids, changes=changes, origin=_origin(template))


def copy_template(user_id: str, chain_id: str, template: Template, name: str | None = None) -> Chain:
    """Make the template a chain of the user's own, which stays as it is whatever becomes of the template. The same id again finds
    the same chain. Raises Conflict when it cannot be run here."""
    _check(template)
    named = {"name": name or template.name, "description": template.description, "origin": _origin(template)}
    return ChainService().create_chain(user_id, chain_id, chain_of(template), **named)


def _check(template: Template) -> None:
    reason = why_not_runnable(template)
    if reason is not None:
        raise Conflict(f"This template cannot be run here. {reason}")


def _origin(template: Template) -> ChainOrigin:
    return ChainOrigin(template_id=template.id, version=template.version, workflow_type=template.workflow_type)
