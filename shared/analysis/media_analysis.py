"""MediaAnalysis: what is seen and heard in a recording."""

from typing import Literal

from pydantic import Field

from shared.analysis.curve import Curve
from shared.analysis.part import Span
from shared.core.documents import StoredPart
from shared.media.faces import FaceBox

STEP = 0.1
"""Seconds a value of the curves of sound."""


class Reaction(Span):
    """What sounds like people who laugh or clap. `confidence`: 0 to 1, how far inside of what was measured of such sounds."""

    kind: Literal["laughter", "applause"]
    confidence: float = Field(ge=0, le=1)


class FaceTrack(Span):
    """One face, followed for as long as it stays in one scene, as an analysis is kept: each box as a list of its six numbers."""

    id: int
    boxes: tuple[FaceBox, ...]


class MediaAnalysis(StoredPart):
    """What is seen and heard in a recording, in seconds from its start, as a player shows them.

    Without a picture there are no scenes and no faces; without sound the curves have no values."""

    duration: float = Field(ge=0)
    scenes: tuple[Span, ...] = Field(default=(), description="From cut to cut, without gaps")
    silences: tuple[Span, ...] = ()
    loudness: Curve = Field(default=Curve(step=STEP), description="LUFS, momentary (of 400 ms); null: silence")
    energy: Curve = Field(default=Curve(step=STEP), description="0 to 1, against the recording's own quiet and loud")
    pitch: Curve = Field(default=Curve(step=STEP), description="Hz of the voice; null where none sounds")
    reactions: tuple[Reaction, ...] = ()
    faces: tuple[FaceTrack, ...] = ()
