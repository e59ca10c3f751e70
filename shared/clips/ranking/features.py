"""Features: what a moment is measured by before it is ranked. Each is a number from 0 to 1."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FEATURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prompt_match": "It is about what the prompt names",
        "intent_match": "It is the kind of moment that the prompt asks for: funny, instructive, a story, proof …",
        "hook": "Its first seconds would hold people: a question, a claim, a figure, someone addressed",
        "question": "Something is asked",
        "numbers": "It has figures",
        "emotion": "Its words are far from neutral",
        "turn": "Its mood changes",
        "energy": "It is loud for this recording",
        "energy_change": "Its loudness rises and falls",
        "pace": "It is spoken fast for this recording",
        "pitch_change": "The voice moves",
        "reactions": "People laugh or clap",
        "address": "It speaks to the viewer",
        "density": "Its words are rare in this recording",
        "coherence": "It stays with one subject",
        "completeness": "It starts and ends where a thought does",
        "clean": "It has few fillers, repeated takes and silences",
        "exchange": "More than one person speaks",
        "faces": "Somebody is seen",
        "fit": "It has the length that was asked for",
    }
)
"""Every feature by name, and what a 1 says. Where nothing is known, such as `faces` of a sound file, it is `UNKNOWN`."""

UNKNOWN: Final = 0.5
