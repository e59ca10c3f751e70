"""Engines: speech recognisers behind one contract."""

from shared.transcripts.engines.engine import RATE, Device, Engine, Heard
from shared.transcripts.engines.errors import (
    EngineFailed,
    EngineMissing,
    NoSound,
    TranscriptionCancelled,
    UnknownEngine,
    UnknownLanguage,
)
from shared.transcripts.engines.registry import ENGINES, check_request, find_engine

__all__ = [
    "ENGINES",
    "RATE",
    "Device",
    "Engine",
    "EngineFailed",
    "EngineMissing",
    "Heard",
    "NoSound",
    "TranscriptionCancelled",
    "UnknownEngine",
    "UnknownLanguage",
    "check_request",
    "find_engine",
]
