"""Events of earlier versions become events of the current one, whoever they say they are from."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from infra.manifest import ROOT
from shared.events import EVENT_VERSIONS, Event, event_schema, parse_event
from shared.events.tables import main, table_file

CURRENT: dict[str, Any] = {
    "eventId": "e1",
    "timestamp": "2026-05-04T12:00:00Z",
    "platform": "mcp",
    "eventType": "operation",
    "operation": {
        "type": "trim",
        "outputFormat": "mp4",
        "sourceFileType": "video",
        "parameters": {"start": 1.5},
        "fileSizeCategory": "small",
    },
    "metrics": {
        "success": True,
        "processingTime": 120.0,
        "cpuUsage": 180.0,
        "memoryUsage": 512.0,
        "diskOperations": 7,
    },
    "context": {"sequencePosition": 2},
}
ANALYTICS_EVENT: dict[str, Any] = {
    "eventId": "e1",
    "timestamp": "2026-05-04T12:00:00Z",
    "userId": "4f0c9a",
    "platform": "mcp",
    "eventType": "operation",
    "operation": {
        "type": "trim",
        "parameters": '{"start": 1.5}',
        "duration": 120,
        "success": True,
        "resourceUsage": {"cpu": 180, "memory": 512, "disk": 7},
    },
    "context": {"workflowStage": "2", "sourceFileType": "video", "outputFormat": ".MP4", "fileSize": "small"},
}
FFMPEG_EVENT: dict[str, Any] = {
    "id": "e1",
    "timestamp": {"seconds": 1777896000, "nanoseconds": 0},
    "userId": "4f0c9a",
    "platform": "komposteur",
    "operation": {
        "type": "to_mp3",
        "inputFormat": "WAV",
        "outputFormat": "mp3",
        "parameters": '{"bitrate": 192}',
        "fileSize": 20_000_000,
    },
    "metrics": {"success": False, "processingTime": 900, "errorMessage": "no audio", "memoryUsage": 80},
    "context": {"workflowType": "podcast", "sequencePosition": 1, "batchSize": 3, "sessionId": "s1"},
}


def test_the_current_version_is_read_as_it_is() -> None:
    assert parse_event(CURRENT) == parse_event({**CURRENT, "schemaVersion": "1"}) == Event.model_validate(CURRENT)


@pytest.mark.parametrize("version", [{}, {"schemaVersion": "0.1"}])
def test_an_analytics_event_says_the_same_in_the_current_version(version: dict[str, str]) -> None:
    assert parse_event({**ANALYTICS_EVENT, **version}) == Event.model_validate(CURRENT)


@pytest.mark.parametrize("version", [{}, {"schemaVersion": "0.2"}])
def test_an_ffmpeg_operation_event_says_the_same_in_the_current_version(version: dict[str, str]) -> None:
    event = parse_event({**FFMPEG_EVENT, **version})
    assert event.event_id == "e1"
    assert event.timestamp == datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert event.model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "eventId": "e1",
        "timestamp": "2026-05-04T12:00:00Z",
        "schemaVersion": "1",
        "platform": "komposteur",
        "eventType": "operation",
        "operation": {
            "type": "to_mp3",
            "inputFormat": "wav",
            "outputFormat": "mp3",
            "parameters": {"bitrate": 192},
            "fileSize": 20_000_000,
            "fileSizeCategory": "medium",
        },
        "metrics": {"success": False, "processingTime": 900.0, "errorMessage": "no audio", "memoryUsage": 80.0},
        "context": {"workflowType": "podcast", "sequencePosition": 1, "batchSize": 3, "sessionId": "s1"},
    }


def test_an_error_or_workflow_of_0_1_needs_no_operation() -> None:
    bare = {key: value for key, value in ANALYTICS_EVENT.items() if key not in ("operation", "context")}
    error = parse_event({**bare, "eventType": "error"})
    assert error.metrics is not None
    assert error.metrics.success is False
    assert parse_event({**bare, "eventType": "workflow"}).operation is None


@pytest.mark.parametrize("document", [ANALYTICS_EVENT, FFMPEG_EVENT])
@given(user=st.recursive(st.none() | st.integers() | st.text(min_size=8), st.lists, max_leaves=3))
def test_whom_an_event_says_it_is_from_is_kept_nowhere(document: dict[str, Any], user: Any) -> None:
    event = parse_event({**document, "userId": user})
    assert event == parse_event(document)
    assert "4f0c9a" not in repr(parse_event(document))


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize(
    ("document", "change", "where"),
    [
        (ANALYTICS_EVENT, {"operation": {"type": "trim", "parameters": "{not json"}}, ("operation", "parameters")),
        (ANALYTICS_EVENT, {"operation": {"type": "trim", "parameters": '{"a": NaN}'}}, ("operation", "parameters")),
        (ANALYTICS_EVENT, {"operation": {"type": "trim", "parameters": "[" * 100_000}}, ("operation", "parameters")),
        (ANALYTICS_EVENT, {"operation": {"type": "trim", "duration": "120"}}, ("operation", "duration")),
        (ANALYTICS_EVENT, {"context": {"workflowStage": "middle"}}, ("context", "workflowStage")),
        (ANALYTICS_EVENT, {"eventType": "business"}, ("eventType",)),
        (ANALYTICS_EVENT, {"operation": None}, ()),
        (FFMPEG_EVENT, {"timestamp": 1777896000}, ("timestamp",)),
        (FFMPEG_EVENT, {"timestamp": {"seconds": 10**30}}, ("timestamp",)),
        (FFMPEG_EVENT, {"metrics": None}, ("metrics",)),
        (FFMPEG_EVENT, {"id": "../etc"}, ("id",)),
        (CURRENT, {"userId": "somebody"}, ("userId",)),
    ],
)
def test_what_is_wrong_is_refused_where_the_sender_wrote_it(
    document: dict[str, Any], change: dict[str, Any], where: tuple[str, ...]
) -> None:
    with pytest.raises(ValidationError) as invalid:
        parse_event({**document, **change})
    assert [error["loc"] for error in invalid.value.errors(include_context=False)] == [where]


@pytest.mark.parametrize("version", ["2", "1.0", "", None, 1, [], {}])
def test_an_unknown_version_is_invalid_and_told_which_are_known(version: Any) -> None:
    with pytest.raises(ValidationError) as invalid:
        parse_event({**CURRENT, "schemaVersion": version})
    [wrong] = invalid.value.errors()
    assert (wrong["loc"], wrong["type"]) == (("schemaVersion",), "unknown_schema_version")
    assert all(known in wrong["msg"] for known in EVENT_VERSIONS)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*CURRENT, *FFMPEG_EVENT, "schemaVersion", "type"]), inner, max_size=5)
        ),
        max_leaves=20,
    )
)
def test_whatever_is_sent_is_an_event_or_refused(document: Any) -> None:
    with contextlib.suppress(ValidationError):
        assert isinstance(parse_event(document), Event)


@pytest.mark.parametrize(("version", "document"), [("0.1", ANALYTICS_EVENT), ("0.2", FFMPEG_EVENT), ("1", CURRENT)])
def test_the_published_schema_of_a_version_takes_what_that_version_is(version: str, document: dict[str, Any]) -> None:
    schema = event_schema(version)
    assert schema["$id"] == f"/schemas/event/{version}.json"
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(document)
    assert not validator.is_valid({**document, "platform": "toaster"})
    assert not validator.is_valid({**document, "surprise": 1})


@pytest.mark.parametrize("table", ["events", "events_rejected"])
def test_the_tables_in_bigquery_are_what_the_models_say(table: str, tmp_path: Path) -> None:
    committed = (ROOT / "infra" / "bigquery" / f"{table}.json").read_text()
    assert committed == table_file(table), "run python -m shared.events.tables infra/bigquery"
    assert main([str(tmp_path)]) == 0
    assert json.loads((tmp_path / f"{table}.json").read_text()) == json.loads(committed)
