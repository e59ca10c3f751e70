"""`build_multitrack`: files in, a komposition out, and what was found of each file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.clips.multitrack.composing import compose
from shared.clips.multitrack.layouts import MAX_LAYOUTS
from shared.clips.multitrack.levels import STEPS, on_film, voice_levels
from shared.clips.multitrack.look import MultitrackLook
from shared.clips.multitrack.recording import Placed, Recording, RecordingRole
from shared.clips.multitrack.speech import merge_speech
from shared.clips.multitrack.talking import who_talks
from shared.clips.multitrack.turns import Turn, find_turns
from shared.core.errors import InvalidInput
from shared.kompositions import Komposition
from shared.media.syncing import Sync, sync_recordings
from shared.transcripts import Transcript

if TYPE_CHECKING:
    from shared.clips.multitrack.levels import Levels
    from shared.clips.multitrack.talking import Talking

MAX_RECORDINGS = 12
_MOST_TURNS = MAX_LAYOUTS - 4 * MAX_RECORDINGS
"""Layouts change too where a recording begins or ends."""
_UNHEARD, _LEAST_UNHEARD = 0.1, 5.0
"""Share of the talk in a mix, and seconds of it, that nobody's own recording has."""
_APART = 2.0
"""Seconds by which recordings that were started by one program may differ in length."""


@dataclass(frozen=True)
class Multitrack:
    """The film of several recordings. `placed` is in the order of the recordings, `turns` tell places among the speakers."""

    komposition: Komposition
    placed: tuple[Placed, ...]
    turns: tuple[Turn, ...]
    talked: tuple[float, ...]
    """Seconds that each speaker talks."""
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """What was found, without the komposition: JSON for people and programs."""
        return {
            "recordings": [
                {
                    "id": each.recording.id,
                    "name": each.recording.name,
                    "role": each.recording.role.value,
                    "start": round(float(each.start), 4),
                    "driftPpm": round(float(each.sync.drift), 1),
                    "confidence": round(each.sync.confidence, 3),
                }
                for each in self.placed
            ],
            "talked": [round(value, 2) for value in self.talked],
            "turns": len(self.turns),
            "notes": list(self.notes),
        }


def build_multitrack(
    recordings: Mapping[Path, Recording],
    look: MultitrackLook | None = None,
    *,
    spoken: Mapping[str, Transcript] | None = None,
    title: str | None = None,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Multitrack:
    """The komposition of these recordings, each found in the others by its sound and shown while its speaker talks.

    `spoken`: transcripts of speakers' recordings, by the ids of these, in times of each; they become one caption track.

    Raises `InvalidInput` for recordings that make no film, and as `sync_recordings`."""
    listed = list(recordings.values())
    check_recordings(listed)
    look = look or MultitrackLook()
    syncs, heard = sync_recordings(
        list(recordings), on_progress=lambda done: on_progress(0.95 * done), should_cancel=should_cancel
    )
    placed, duration = _on_one_clock([Placed(each, sync) for each, sync in zip(listed, syncs, strict=True)])
    levels = [on_film(voice_levels(samples), each.sync, duration) for samples, each in zip(heard, placed, strict=True)]
    speakers = [place for place, each in enumerate(placed) if each.recording.role is RecordingRole.SPEAKER]
    talking = who_talks([levels[place] for place in speakers])
    turns = _few_enough(talking, look.shortest)
    told: dict[str, tuple[Levels, Talking | None]] = {
        each.recording.id: (level, None) for each, level in zip(placed, levels, strict=True)
    }
    for place, talks in zip(speakers, talking, strict=True):
        told[placed[place].recording.id] = (levels[place], talks)
    said = None
    if spoken:
        own = {
            placed[place].recording.id: (placed[place], talks) for place, talks in zip(speakers, talking, strict=True)
        }
        said = merge_speech({name: each for name, each in spoken.items() if name in own}, own, duration)
    komposition = compose(placed, turns, told, duration, look, title, said)
    on_progress(1.0)
    seconds = tuple(float(talks.sum()) / STEPS for talks in talking)
    return Multitrack(komposition, tuple(placed), tuple(turns), seconds, tuple(_notes(placed, levels, talking)))


def _few_enough(talking: "Sequence[Talking]", shortest: float) -> list[Turn]:
    """The turns; of a long and lively conversation, those that last longer, for a komposition to have a layout for each."""
    turns = find_turns(talking, shortest=shortest)
    while len(turns) > _MOST_TURNS:
        shortest *= 1.5
        turns = find_turns(talking, shortest=shortest)
    return turns


def check_recordings(recordings: Sequence[Recording]) -> None:
    """Raise `InvalidInput` for recordings that make no film."""
    if not 2 <= len(recordings) <= MAX_RECORDINGS:
        raise InvalidInput(f"Name from 2 to {MAX_RECORDINGS} recordings.", pointer="/recordings")
    if not any(each.seen for each in recordings):
        raise InvalidInput("None of the recordings has a picture. Name at least one that has.", pointer="/recordings")
    if not any(each.role is RecordingRole.SPEAKER for each in recordings):
        raise InvalidInput("None of the recordings is of a speaker. Say which are.", pointer="/recordings")


def _on_one_clock(placed: Sequence[Placed]) -> tuple[list[Placed], Fraction]:
    """Recordings on the clock of a film that begins with the first of them, and how long it lasts."""
    start = min(each.start for each in placed)
    moved = [
        Placed(each.recording, Sync(each.sync.offset - start, each.sync.drift, each.sync.confidence)) for each in placed
    ]
    return moved, max(each.end for each in moved)


def _notes(placed: Sequence[Placed], levels: "Sequence[Levels]", talking: "Sequence[Talking]") -> "list[str]":
    """What a person should know of what was found, in sentences."""
    import numpy as np

    notes = []
    lengths = [each.recording.length for each in placed]
    for each in placed:
        if not each.sync.found:
            name, apart = each.recording.name, max(lengths) - min(lengths) > _APART
            doubt = " They differ in length, so look whether that is right." if apart else ""
            notes.append(f"{name} was not found in the sound of the others: taken to start with them.{doubt}")
    speakers = [each.recording for each in placed if each.recording.role is RecordingRole.SPEAKER]
    notes += [
        f"{each.name} is not heard to say anything."
        for each, talks in zip(speakers, talking, strict=True)
        if each.heard and not talks.any()
    ]
    if len(talking):
        anybody = np.any(np.array(talking), axis=0)
        for each, level in zip(placed, levels, strict=True):
            if each.recording.role is not RecordingRole.SPEAKER and each.recording.heard and each.sync.found:
                talk = who_talks([level])[0]
                unheard = (talk & ~anybody).sum() / STEPS
                if unheard > max(_LEAST_UNHEARD, _UNHEARD * talk.sum() / STEPS):
                    name = each.recording.name
                    notes.append(f"In {name} somebody talks for {unheard:.0f} s that no speaker's own recording has.")
    return notes
