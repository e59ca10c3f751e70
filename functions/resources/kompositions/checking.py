"""/v1/kompositions/validate: what is wrong with documents, without saving them."""

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import WireModel, answer
from functions.http.openapi import resource
from functions.resources.kompositions.models import Warned
from shared.kompositions import Imported, import_komposition

api = resource("checking")

MAX_DOCUMENTS = 100


class Documents(WireModel):
    """Documents of any known format."""

    documents: list[JsonValue] = Field(min_length=1, max_length=MAX_DOCUMENTS)
    fix: bool = Field(default=False, description="Apply the fixes that change nothing that is seen or heard")
    converted: bool = Field(default=False, description="Answer with the canonical form too")


class Verdict(WireModel):
    """What a document is and what is wrong with it."""

    valid: bool
    variant: str
    findings: list[Warned]
    komposition: dict[str, JsonValue] | None = None


class Verdicts(WireModel):
    """One verdict a document, in their order."""

    results: list[Verdict]


@api.post("/v1/kompositions/validate", responses={200: Verdicts})
def validate_kompositions(body: Documents) -> Response:
    """What is wrong with up to 100 documents of any known format: where, and what to do about it"""
    results = [_verdict(import_komposition(document, fix=body.fix), body.converted) for document in body.documents]
    return answer(Verdicts.model_construct(results=results))


def _verdict(imported: Imported, converted: bool) -> Verdict:
    komposition = imported.komposition
    return Verdict(
        valid=komposition is not None,
        variant=imported.variant,
        findings=[Warned.of(each) for each in imported.findings],
        komposition=komposition.to_json() if komposition is not None and converted else None,
    )
