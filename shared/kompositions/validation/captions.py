"""The times of captions run forwards."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.kompositions.validation.problem import Location, Problem

if TYPE_CHECKING:
    from shared.kompositions.model import Cue, Komposition


def caption_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Cues and words whose times cannot be meant."""
    for number, track in enumerate(komposition.tracks.caption):
        for index, cue in enumerate(track.transcript.segments if track.transcript else []):
            yield from _backwards(cue, ("tracks", "caption", number, "transcript", "segments", index))


def _backwards(cue: "Cue", at: Location) -> Iterator[Problem]:
    if cue.end <= cue.start:
        yield Problem((*at, "end"), "cue_times", "A cue must end after its start. Correct its times.")
    for index, word in enumerate(cue.words):
        if word.end < word.start:
            detail = "A word must not end before its start. Correct its times, or leave the words of this cue out."
            yield Problem((*at, "words", index, "end"), "word_times", detail)
