"""Whatever is sent is read, or refused with a reason: nothing else happens."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.transcripts import FORMATS, MalformedTranscript, read_transcript, write_transcript
from tests.shared.transcripts.formats.test_round_trips import assert_well_formed
from tests.shared.transcripts.texts import long_transcript

FILES = {name: write_transcript(long_transcript(40), name) for name in FORMATS}
SCRAPS = [
    "-->",
    "\n",
    "\n\n",
    "<",
    "<v ",
    "00:00:01.000",
    "9",
    ":",
    "{",
    "]",
    '"',
    "&",
    "WEBVTT",
    "\x00",
    "\ud800",
    "é",
    "0:01 ",
]


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, str]:
    """A format, and a file of it with something cut out and something put in."""
    name = draw(st.sampled_from(FORMATS))
    text = FILES[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        text = text[:start] + draw(st.sampled_from(SCRAPS)) + text[end:]
    return name, text


def read(text: str, name: str | None) -> None:
    with contextlib.suppress(MalformedTranscript):
        assert_well_formed(read_transcript(text, name))


@given(broken())
@settings(deadline=None, max_examples=150)
def test_a_broken_file_is_read_or_refused(told: tuple[str, str]) -> None:
    read(told[1], told[0])


@given(st.text(max_size=200), st.sampled_from([None, *FORMATS]))
@settings(deadline=None, max_examples=150)
def test_any_text_is_read_or_refused(text: str, name: str | None) -> None:
    read(text, name)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(10**12), 10**12) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "segments",
                    "words",
                    "start",
                    "end",
                    "text",
                    "word",
                    "events",
                    "segs",
                    "utf8",
                    "tStartMs",
                    "offsets",
                    "transcription",
                    "tokens",
                    "from",
                    "to",
                    "speaker",
                    "language",
                    "result",
                    "origin",
                    "removedByVad",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(deadline=None, max_examples=100)
def test_any_json_is_read_or_refused(document: object) -> None:
    for name in ("json", "json3"):
        read(json.dumps(document), name)


@pytest.mark.usefixtures("tidied")
def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(MalformedTranscript):
        read_transcript("[" * 100_000, "json")
