"""What a command opens: each file once, where picture and sound are read together."""

from pathlib import Path

import ffmpeg

from shared.media import probe
from shared.media.graph import SourceMedia, command
from shared.media.graph.inputs import Inputs
from shared.media.operations.clips import kept_sound, whole_clip


def test_a_film_whose_sound_is_copied_is_opened_once(film: Path) -> None:
    clip = whole_clip(SourceMedia(film, probe(film)))
    inputs = Inputs(clip.rate)
    picture, sound = clip.picture(inputs), kept_sound(inputs, clip.media, "mp4")
    assert sound is not None
    assert command([ffmpeg.output(picture, sound.stream, "film.mp4")]).count("-i") == 1
