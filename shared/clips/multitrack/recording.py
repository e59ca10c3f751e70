"""Recording: one of the files of a conversation, whose it is, and when of it it is there."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import PurePath

from shared.media import MediaInfo
from shared.media.syncing import Sync

_SCREEN = re.compile(r"(?<![a-z])(screen|screenshare|shared?[ _-]?screen|slides|desktop|presentation)(?![a-z])")
_MIX = re.compile(r"(?<![a-z])(mix|mixed|gallery|everyone|all[ _-]participants|combined)(?![a-z])")


class RecordingRole(StrEnum):
    """What a recording is of: one person, a screen, or everybody at once."""

    SPEAKER = "speaker"
    SCREEN = "screen"
    MIX = "mix"


@dataclass(frozen=True)
class Recording:
    """A file. `id` names its source and track in the komposition, `name` its speaker."""

    id: str
    name: str
    role: RecordingRole
    info: MediaInfo
    asset_id: str | None = None
    url: str | None = None

    @property
    def seen(self) -> bool:
        """Whether it has a picture that moves."""
        return self.info.kind == "video"

    @property
    def heard(self) -> bool:
        """Whether it has sound."""
        return self.info.audio is not None

    @property
    def length(self) -> Fraction:
        """Seconds for which all that it has is there."""
        lasting = [stream.exact_duration for stream in self.info.streams if stream.exact_duration]
        return min([self.info.exact_duration, *lasting])


@dataclass(frozen=True)
class Placed:
    """A recording on the clock of the film: `sync` tells when in the film its moments are."""

    recording: Recording
    sync: Sync

    @property
    def start(self) -> Fraction:
        """When in the film it begins, seconds; may be before the film does."""
        return self.sync.reference(Fraction(0))

    @property
    def end(self) -> Fraction:
        """When in the film it ends."""
        return self.sync.reference(self.recording.length)


def role_of(filename: str) -> RecordingRole:
    """What a file is of, by the words in its name: `shared_screen.mp4`, `audio mix.m4a`; a speaker if it does not say."""
    name = PurePath(filename).stem.casefold()
    return (
        RecordingRole.SCREEN
        if _SCREEN.search(name)
        else RecordingRole.MIX
        if _MIX.search(name)
        else RecordingRole.SPEAKER
    )
