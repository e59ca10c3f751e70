"""Personal data in every field, in every disguise: none of it is in a message, in a row, or in a log."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.clients import bigquery_client
from shared.core.ids import ID_PATTERN, new_id
from shared.events import Event, Outcome, event_messages, ingest, take_in
from shared.events.privacy.vocabulary import kind_of_field
from tests.cloud import ROOT, RunningCloud
from tests.shared.events.privacy.personal import NUMBERS, TEXTS, leaks, shaped, texts, values

pytestmark = pytest.mark.usefixtures("cloud")

USER = "wilhelmina.kowalczyk@example.com"
NAME = r"^[a-z][a-z0-9_]{0,63}$"
FORMAT = r"^[a-z0-9][a-z0-9_-]{0,15}$"
CODE = r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$"


def fitting(pattern: str) -> st.SearchStrategy[str]:
    """Personal texts, written so that a field which takes only `pattern` takes them."""
    return st.sampled_from([text for written in TEXTS if (text := shaped(pattern, written))])


EVENTS = st.fixed_dictionaries(
    {
        "eventId": fitting(ID_PATTERN),
        "timestamp": st.just(datetime.now(UTC).isoformat()),
        "platform": st.just("mcp"),
        "eventType": st.sampled_from(["operation", "workflow"]),
        "operation": st.fixed_dictionaries(
            {
                "type": fitting(NAME) | st.sampled_from(["trim", "brightness", "resize"]),
                "inputFormat": fitting(FORMAT),
                "outputFormat": fitting(FORMAT),
                "fileSize": st.sampled_from(NUMBERS),
                "outputSize": st.sampled_from(NUMBERS),
                "parameters": st.dictionaries(
                    texts
                    | st.sampled_from(
                        ["start", "codec", "preset", "title", "input", "filter", "scale", "amount", "look"]
                    ),
                    values,
                    max_size=8,
                ),
            }
        ),
        "metrics": st.fixed_dictionaries(
            {
                "success": st.just(False),
                "errorCode": fitting(CODE),
                "errorMessage": texts | texts.map(lambda text: f"No {text}!"),
            }
        ),
        "generation": st.fixed_dictionaries({"provider": fitting(CODE)}),
        "business": st.fixed_dictionaries({"kind": fitting(NAME)}),
        "context": st.fixed_dictionaries(
            {"workflowType": fitting(NAME), "workflowId": fitting(ID_PATTERN), "sessionId": fitting(ID_PATTERN)}
        ),
    }
)
ANYTHING = st.recursive(
    values,
    lambda inner: st.dictionaries(
        st.sampled_from(
            ["event_id", "user_id", "occurred_at", "operation", "parameters", "metrics", "error_message", "platform"]
        )
        | texts,
        inner,
        max_size=6,
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(EVENTS)
def test_no_message_holds_personal_data(cloud: RunningCloud, document: dict[str, Any]) -> None:
    event = Event.model_validate(document, by_name=False)
    [message] = event_messages(USER, [event])
    assert leaks(message.decode()) == []


@pytest.mark.parametrize("name", ["Komponist", "Ann", "kowalczyk"])
def test_the_search_for_personal_data_finds_it(name: str) -> None:
    """What the other tests lean on."""
    for text in TEXTS:
        assert leaks(json.dumps({"a": text})) or "dot" in text or "." not in text, text
    assert leaks("49 151-2345 6789")
    assert not leaks(f"{name} 12".replace("kowalczyk", ""))


def rows(table: str, marker: str) -> list[str]:
    sql = f"SELECT * FROM kompo.{table} WHERE {marker}"
    return [
        json.dumps(dict(row.items()), default=str, ensure_ascii=False) for row in bigquery_client().query_and_wait(sql)
    ]


def test_no_row_and_no_log_holds_personal_data(cloud: RunningCloud, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    since = datetime.now(UTC).isoformat()

    @settings(max_examples=25, deadline=None)
    @given(st.lists(EVENTS, min_size=1, max_size=5), st.lists(ANYTHING, max_size=5))
    def push(documents: list[dict[str, Any]], broken: list[Any]) -> None:
        events = [Event.model_validate(document, by_name=False) for document in documents]
        for message in event_messages(USER, events):
            ingest(message)
            body = json.loads(message)["events"]
            ingest(json.dumps({"events": [*broken, {**body[0], **{"surprise": broken}}]}).encode())
        ingest(json.dumps(broken).encode()[1:])

    push()
    found = rows("events", f"received_at >= '{since}'") + rows("events_rejected", f"received_at >= '{since}'")
    assert len(found) > 50
    assert [leak for row in found for leak in leaks(row)] == []
    assert [leak for record in caplog.records for leak in leaks(record.getMessage())] == []


def test_what_the_api_takes_in_and_refuses_leaves_no_personal_data(
    cloud: RunningCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    @settings(max_examples=30, deadline=None)
    @given(st.lists(EVENTS | ANYTHING, min_size=1, max_size=5))
    def push(documents: list[Any]) -> None:
        verdicts = take_in(new_id(), documents).verdicts
        assert all(verdict.outcome in Outcome for verdict in verdicts)

    push()
    assert [leak for record in caplog.records for leak in leaks(record.getMessage())] == []


def test_every_column_of_an_event_has_its_rule() -> None:
    assert {name for name in columns() if kind_of_field(name) is None} == set()


def test_the_page_on_privacy_says_what_is_kept_of_every_column() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text()
    assert {name for name in columns() if f"`{name}`" not in page} == set()


def columns() -> set[str]:
    """Of `events`, with those inside records and without the records."""
    declared = json.loads((ROOT / "infra" / "bigquery" / "events.json").read_text())
    flat = [field for column in declared for field in column.get("fields", [column])]
    return {field["name"] for field in flat}
