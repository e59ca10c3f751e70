"""The OpenAPI document is true: what it allows never breaks the API, and the API answers as it says."""

import os

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings

from tests.api import User, sign_up
from tests.cloud import RunningCloud

EXAMPLES = int(os.environ.get("KOMPO_FUZZ_EXAMPLES", "12"))


@pytest.fixture(scope="module")
def fuzzer(suite: RunningCloud) -> User:
    """The user in whose name the fuzzer calls."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def openapi(suite: RunningCloud) -> schemathesis.BaseSchema:
    """The document as it is served."""
    return schemathesis.openapi.from_url(f"{suite.url}/openapi.json")


schema = schemathesis.pytest.from_fixture("openapi")


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_that_the_document_allows_breaks_the_api(case: schemathesis.Case, fuzzer: User) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {fuzzer.token}"},
        excluded_checks=[
            schemathesis.checks.ignored_auth,
            schemathesis.checks.positive_data_acceptance,
            schemathesis.checks.unsupported_method,
        ],
    )


def test_the_document_is_openapi_3_1_and_names_every_resource(suite: RunningCloud) -> None:
    document = requests.get(f"{suite.url}/openapi.json", timeout=10).json()
    assert document["openapi"].startswith("3.1")
    paths = set(document["paths"])
    assert {"/v1/me", "/v1/status", "/v1/kompositions/{id}", "/v1/assets/{id}", "/v1/jobs/{id}/cancel"} <= paths
    assert all(operation.get("summary") for path in document["paths"].values() for operation in path.values())


def test_the_docs_page_shows(suite: RunningCloud) -> None:
    page = requests.get(f"{suite.url}/docs", timeout=10)
    assert page.status_code == 200
    assert "swagger" in page.text.lower()
