"""The OpenAPI document is true: what it allows never breaks the API, and the API answers as it says."""

import os
from urllib.parse import unquote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import create_model
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)

from functions.http.application import create_application
from functions.http.openapi import resource
from tests.api import User, sign_up
from tests.cloud import RunningCloud

EXAMPLES = int(os.environ.get("KOMPO_FUZZ_EXAMPLES", "3"))


@pytest.fixture(scope="module")
def fuzzer(suite: RunningCloud) -> User:
    """The user in whose name the fuzzer calls."""
    return sign_up(suite)


@pytest.mark.timeout(600)
def test_no_request_that_the_document_allows_breaks_the_api(
    suite: RunningCloud, fuzzer: User, subtests: pytest.Subtests
) -> None:
    document = schemathesis.openapi.from_url(f"{suite.url}/openapi.json", timeout=60)
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) >= 20
    for operation in operations:
        with subtests.test(msg=operation.label):
            fuzz(operation, fuzzer)


def fuzz(operation: schemathesis.APIOperation, user: User) -> None:  # type: ignore[type-arg]
    """Call one operation with what its schema allows, and with what it does not."""
    # What only shows across fields (a slot that ends before it starts) no schema can say: positive_data_acceptance.
    excluded = [ignored_auth, unsupported_method, positive_data_acceptance]
    if operation.path == "/v1/events":
        excluded.append(negative_data_rejection)  # Each event of a batch has a verdict of its own.

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    def call(case: schemathesis.Case) -> None:
        assume(
            all(unquote(str(value)).isprintable() for value in case.path_parameters.values())
        )  # Servers refuse such lines.
        assume(all(value not in ([], {}) for value in (case.query or {}).values()))  # Nothing of these is sent.
        answer = case.call(headers={"Authorization": f"Bearer {user.token}"})
        assume(answer.status_code not in (414, 431))  # The server's own limits on a request's first lines.
        case.validate_response(answer, excluded_checks=excluded)

    call()


def test_the_document_is_openapi_3_1_and_names_every_resource(suite: RunningCloud) -> None:
    document = requests.get(f"{suite.url}/openapi.json", timeout=60).json()
    assert document["openapi"].startswith("3.1")
    paths = set(document["paths"])
    assert {"/v1/me", "/v1/status", "/v1/kompositions/{id}", "/v1/assets/{id}", "/v1/jobs/{id}/cancel"} <= paths
    assert all(operation.get("summary") for path in document["paths"].values() for operation in path.values())


def test_two_models_of_one_name_are_refused_because_each_would_be_told_as_the_other() -> None:
    resources = [resource("one"), resource("other")]
    for made, field in zip(resources, ("color", "size"), strict=True):
        made.get(f"/{field}", responses={200: create_model("Look", **{field: (str, ...)})})(lambda: "")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="named Look"):
        _ = create_application(resources).api_doc


def test_the_docs_page_shows(suite: RunningCloud) -> None:
    page = requests.get(f"{suite.url}/docs", timeout=60)
    assert page.status_code == 200
    assert "swagger" in page.text.lower()
