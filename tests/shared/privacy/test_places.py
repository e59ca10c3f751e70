"""Whatever can hold data of a person is claimed: what nobody has claimed could be neither exported nor erased."""

import re

import pytest
import yaml
from pydantic import ValidationError

from infra.manifest import ROOT, load_suite
from shared.events.erasure import TABLES
from shared.privacy.places import Claim, Place, places

SOURCES = [path.read_text() for folder in ("shared", "functions", "jobs") for path in (ROOT / folder).rglob("*.py")]
BENEATH = {
    "versions",
    "conflicts",
    "segments",
    "features",
    "chunks",
    "feedback",
    "decisions",
    "evaluations",
    "tallies",
    "shards",
}
"""Subcollections: they go with what they are beneath."""
NOT_OURS = {"databases"}


def named_in_code() -> set[str]:
    """Collections that code names; and, as the pattern cannot tell, a table and a state."""
    constant = r"^_?\w*(?:COLLECTION|COUNTERS|INSTANCES|PENDING|COOLDOWNS|ADOPTIONS|GROUPS, NOTIFICATIONS)\w* = "
    called = r"collection(?:_group)?\(|Settings\(|collection\(\"users\", [\w.]+, |^GROUPS, NOTIFICATIONS = \"\w+\", "
    pattern = re.compile(rf'(?:{called}|{constant})"(\w+)"', re.MULTILINE)
    return {name for source in SOURCES for name in pattern.findall(source)} - {"events", "pending"}


def named_in_rules() -> set[str]:
    return set(re.findall(r"match /(\w+)/", (ROOT / "firestore.rules").read_text())) - NOT_OURS


def claimed() -> set[str]:
    return {*places().collections, *places().of_users, *BENEATH}


def test_every_collection_that_code_names_is_claimed() -> None:
    assert len(named_in_code()) > 40
    assert named_in_code() - claimed() == set()


def test_every_collection_that_rules_and_indexes_name_is_claimed() -> None:
    indexed = set(re.findall(r'"collectionGroup": "(\w+)"', (ROOT / "firestore.indexes.json").read_text()))
    assert (named_in_rules() | indexed) - claimed() == set()


def test_every_bucket_and_every_table_of_the_suite_is_claimed_and_none_besides() -> None:
    suite = load_suite()
    assert {bucket.name for bucket in suite.buckets} == set(places().buckets)
    assert {table.name for table in suite.tables} == set(places().tables)


def test_what_is_claimed_as_events_is_what_an_erasure_of_events_empties() -> None:
    assert {name for name, place in places().tables.items() if place.claim is Claim.EVENTS} == set(TABLES)


def test_tables_with_a_user_are_not_claimed_to_hold_nobody() -> None:
    for name, place in places().tables.items():
        columns = yaml.safe_load((ROOT / "infra" / "bigquery" / f"{name}.json").read_text())
        if any(column["name"] == "user_id" for column in columns):
            assert place.claim is Claim.EVENTS, name


@pytest.mark.parametrize("claim", [Claim.NONE, Claim.PASSING])
def test_that_nothing_is_done_about_a_place_needs_a_reason(claim: Claim) -> None:
    with pytest.raises(ValidationError, match="needs a reason"):
        Place(claim=claim)


def test_every_folder_of_a_user_ends_so_that_no_other_users_begins_alike() -> None:
    assert all(prefix.endswith("users/ann/") for _, prefix in places().folders("ann"))
