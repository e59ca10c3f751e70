"""The ledger knows every event of the last 7 days by its content, however many there are and whoever writes at once."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.clients import firestore_client
from shared.events.ledger import COLLECTION, PAGE_ENTRIES, Mark, Reading, read_ledger
from tests.cloud import RunningCloud

pytestmark = pytest.mark.usefixtures("cloud")
NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)


def marks(count: int, owner: str = "") -> list[Mark]:
    owner = owner or secrets.token_hex(8)
    return [Mark(owner, secrets.token_bytes(8), secrets.token_bytes(8)) for _ in range(count)]


def commit(reading: Reading) -> None:
    batch = firestore_client().batch()
    reading.write_to(batch)
    batch.commit()


def enter(entered: list[Mark], at: datetime = NOW) -> None:
    reading = read_ledger(entered, at)
    reading.enter(entered)
    commit(reading)


def known(asked: list[Mark], at: datetime = NOW) -> list[bytes | None]:
    reading = read_ledger(asked, at)
    return [reading.fingerprint(mark) for mark in asked]


def test_what_was_entered_is_known_by_its_content_and_nothing_else_is() -> None:
    [mark] = marks(1)
    enter([mark])
    other = mark._replace(fingerprint=b"another.")
    stranger = mark._replace(owner="another")
    assert known([mark, other, stranger, *marks(1, mark.owner)]) == [mark.fingerprint, mark.fingerprint, None, None]


def test_a_full_page_gives_to_pages_below_it_and_all_stays_known() -> None:
    entered = marks(PAGE_ENTRIES * 3)
    for start in range(0, len(entered), 300):
        enter(entered[start : start + 300])
    assert known(entered) == [mark.fingerprint for mark in entered]
    assert known(marks(50, entered[0].owner)) == [None] * 50


def test_an_event_is_known_for_seven_days_and_forgotten_after_eight() -> None:
    entered = marks(PAGE_ENTRIES + 100)
    enter(entered)
    assert None not in known(entered, NOW + timedelta(days=7))
    assert set(known(entered, NOW + timedelta(days=8))) == {None}


def test_pages_outlive_what_can_still_be_asked_for() -> None:
    """Firestore deletes a page at `expireAt`: not before its youngest entry, nor those of the pages below it, are forgotten."""
    entered = marks(PAGE_ENTRIES + 100)
    enter(entered)
    enter(later := marks(10, entered[0].owner), NOW + timedelta(days=6))
    root = firestore_client().collection(COLLECTION).document(entered[0].owner).get()
    assert root.get("expireAt") > NOW + timedelta(days=6 + 7)
    assert None not in known(later, NOW + timedelta(days=13))


def test_of_two_who_write_at_once_the_second_is_refused() -> None:
    first, second = marks(2, secrets.token_hex(8))
    for refusal in (AlreadyExists, FailedPrecondition):
        early, late = read_ledger([first], NOW), read_ledger([second], NOW)
        early.enter([first])
        commit(early)
        late.enter([second])
        with pytest.raises(refusal):
            commit(late)
        first, second = marks(2, first.owner)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2000), max_size=700, unique=True), max_size=4))
def test_it_agrees_with_a_dictionary(cloud: RunningCloud, batches: list[list[int]]) -> None:
    owner, truth = secrets.token_hex(8), dict[bytes, bytes]()
    for number, batch in enumerate(batches):
        asked = [Mark(owner, key.to_bytes(8, "little")[::-1], bytes([number] * 8)) for key in batch]
        reading = read_ledger(asked, NOW)
        assert [reading.fingerprint(mark) for mark in asked] == [truth.get(mark.key) for mark in asked]
        new = [mark for mark in asked if mark.key not in truth]
        reading.enter(new)
        commit(reading)
        truth |= {mark.key: mark.fingerprint for mark in new}
