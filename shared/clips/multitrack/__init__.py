"""Multi-track: recordings of everybody in a conversation, and of a screen, become one komposition that shows who speaks."""

from shared.clips.multitrack.building import Multitrack, build_multitrack
from shared.clips.multitrack.look import MultitrackLook
from shared.clips.multitrack.recording import Recording, RecordingRole
from shared.clips.multitrack.requesting import MultitrackRequest, Track, recordings_of, request_multitrack, spoken_in
from shared.clips.multitrack.turns import Turn, find_turns

__all__ = [
    "Multitrack",
    "MultitrackLook",
    "MultitrackRequest",
    "Recording",
    "RecordingRole",
    "Track",
    "Turn",
    "build_multitrack",
    "find_turns",
    "recordings_of",
    "request_multitrack",
    "spoken_in",
]
