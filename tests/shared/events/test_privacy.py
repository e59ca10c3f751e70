"""What never reaches analytics."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from shared.events.privacy import MAX_TEXT, hash_user, redact, sanitise_parameters, scrub_text
from tests.cloud import RunningCloud


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/home/ann/holiday.mp4: No such file", "<path> No such file"),
        (r"cannot open C:\Users\ann\x.mov", "cannot open <path>"),
        ("holiday.mp4: Invalid data", "<file>: Invalid data"),
        ("clips/ann/holiday.mp4 is empty", "<path> is empty"),
        ("GET https://example.com/a?token=1 failed", "GET <url> failed"),
        ("gs://bucket/users/ann/x", "<url>"),
        ("ask ann@example.com", "ask <email>"),
        ("input 'my wedding' is bad", "input <text> is bad"),
        ("can't seek", "can't seek"),
        ("from 10.1.2.3 or +49 151 2345678", "from <address> or <number>"),
        ("Conversion failed at 12.5 s with -22", "Conversion failed at 12.5 s with -22"),
    ],
)
def test_messages_lose_what_points_at_a_person_or_a_file(text: str, kept: str) -> None:
    assert scrub_text(text) == kept


@given(st.text(alphabet="a/\\.@:' \n0", max_size=3000))
def test_a_message_is_short_and_holds_no_address(text: str) -> None:
    scrubbed = scrub_text(text + " someone@example.com")
    assert len(scrubbed) <= MAX_TEXT
    assert "someone@example.com" not in scrubbed


@pytest.mark.parametrize("text", ["a" * 10_000, "/" * 10_000, "a@" * 5_000, "'" * 10_000, "1 " * 5_000, "a." * 5_000])
def test_no_message_takes_long(text: str) -> None:
    started = time.perf_counter()
    scrub_text(text)
    assert time.perf_counter() - started < 0.2


def test_only_technical_parameters_stay() -> None:
    sent: dict[str, JsonValue] = {
        "start": 1.5,
        "codec": "libx264",
        "aspect_ratio": "16:9",
        "scale": [1280, 720],
        "input": "/home/ann/x.mp4",
        "title": "Ann's wedding",
        "preset": "my own preset, for Ann",
        "width": "ann@example.com",
        "codec_url": "https://example.com",
        "filter": {"nested": 1},
    }
    kept = {"start": 1.5, "codec": "libx264", "aspect_ratio": "16:9", "scale": [1280, 720]}
    assert sanitise_parameters(sent) == kept


def test_a_quarantined_payload_keeps_its_shape_and_length_but_no_addresses() -> None:
    payload: JsonValue = {"a": ["see /home/ann/x.mp4", 1, None], "ann@example.com": "x" * 2000}
    assert redact(payload) == {"a": ["see <path>", 1, None], "<email>": "x" * 2000}


def test_a_user_is_a_keyed_hash(cloud: RunningCloud) -> None:
    assert hash_user("ann") == hash_user("ann") != hash_user("bob")
    assert len(hash_user("ann")) == 64
