"""Of an operation's parameters only those leave that it takes, as what its registry says they are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from shared.events.privacy import generalise, sanitise_parameters
from shared.events.privacy.generating import as_text
from shared.events.privacy.vocabulary import RULES
from shared.media.operations.registry import OPERATIONS


def test_the_file_of_rules_says_what_the_registry_says() -> None:
    assert RULES.read_text() == as_text(), "run: python -m shared.events.privacy.generating"


def test_only_technical_parameters_stay() -> None:
    sent: dict[str, JsonValue] = {
        "start": 1.5,
        "codec": "libx264",
        "aspect_ratio": "16:9",
        "resolution": "1280x720",
        "scale": [1280, 720],
        "input": "/home/ann/x.mp4",
        "title": "Ann's wedding",
        "preset": "my own preset, for Ann",
        "look": "smith",
        "width": "ann@example.com",
        "height": 4_915_123_456_789,
        "codec_url": "https://example.com",
        "filter": {"nested": "ann"},
        "crop": [["ann"]],
    }
    kept = {"start": 1.5, "codec": "libx264", "aspect_ratio": "16:9", "resolution": "1280x720", "scale": [1280, 720]}
    assert sanitise_parameters(sent) == kept


@pytest.mark.parametrize(
    ("operation", "sent", "kept"),
    [
        ("trim", {"start": 1, "lossless": True}, {"start": 1, "lossless": True}),
        ("trim", {"lossless": "ann"}, {}),
        ("brightness", {"amount": 0.2, "crf": 20}, {"amount": 0.2, "crf": 20}),
        ("brightness", {"amount": 7, "crf": 99}, {}),
        ("brightness", {"preset": "slow", "audioBitrate": 96}, {"preset": "slow", "audio_bitrate": 96}),
        ("brightness", {"preset": "ann"}, {}),
        ("color_balance", {"shadows": [0.1, 0, -0.1]}, {"shadows": [0.1, 0, -0.1]}),
        ("color_balance", {"shadows": [0.1, 0, -0.1, 0.2]}, {}),
        ("fade_in", {"color": "#c0ffee"}, {}),
        ("face_blur", {"regions": [{"x": 0.1, "y": 0.2, "width": 0.1, "height": 0.1}]}, {}),
        ("somebody_elses", {"crf": 20, "preset": "slow"}, {"crf": 20, "preset": "slow"}),
    ],
)
def test_what_may_be_told_follows_from_the_operation(operation: str, sent: Any, kept: Any) -> None:
    assert sanitise_parameters(sent, operation) == kept


def test_every_number_and_choice_of_every_operation_may_be_told() -> None:
    for operation in OPERATIONS.values():
        defaults = operation.params.model_construct().model_dump(mode="json", exclude_none=True)
        told = {name: value for name, value in defaults.items() if isinstance(value, int | float | bool)}
        kept = sanitise_parameters(told, operation.name)
        assert kept.keys() == told.keys(), operation.name


@given(st.integers(-(10**15), 10**15) | st.floats(-1e300, 1e300))
def test_a_number_keeps_what_is_learned_from_it_and_no_telephone(number: float) -> None:
    kept = generalise(number)
    assert isinstance(kept, int | float)
    assert abs(kept - number) <= abs(number) * 1e-3
    if isinstance(kept, int) and abs(kept) >= 100_000:
        assert set(str(abs(kept))[4:]) == {"0"}
