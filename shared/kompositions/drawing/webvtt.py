"""WebVTT: captions beside the film, with the time of every word inside its cue, and who says it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.kompositions.drawing.cues import Cue, cues_of
from shared.kompositions.timing import nearest
from shared.typography import separator

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition
    from shared.kompositions.timing import Timeline
    from shared.media.graph.source import SourceMedia

_SETTINGS = {"top": " line:5%", "middle": " line:50%,center", "bottom": ""}


def caption_sidecar(
    komposition: "Komposition", timeline: "Timeline", media: "Mapping[str, SourceMedia] | None" = None
) -> str | None:
    """WebVTT of all caption tracks with the mode `sidecar` or `both`, or None if there are none.

    Times count from the start of the part of the film that `timeline` renders. `media` is needed where only a source's file tells
    how long a piece of it is; raises `MissingMedia` when it is not given then, and `UnusableMedia` as `draw_overlays` does."""
    told = [
        (cue, _SETTINGS[track.position])
        for number, track in enumerate(komposition.tracks.caption)
        if track.mode != "burn"
        for cue in cues_of(track, number, komposition, timeline, media)
    ]
    if all(track.mode == "burn" for track in komposition.tracks.caption):
        return None
    told.sort(key=lambda entry: entry[0].start)
    begin, end = (Fraction(frame) / timeline.rate for frame in (timeline.start_frame, timeline.end_frame))
    blocks = ["WEBVTT"]
    for cue, settings in told:
        first, last = _milliseconds(max(cue.start, begin) - begin), _milliseconds(min(cue.end, end) - begin)
        if first < last:
            times = f"{_stamp(first)} --> {_stamp(last)}{settings}"
            blocks.append(f"{times}\n{''.join(_payload(cue, begin, first, last))}")
    return "\n\n".join(blocks) + "\n"


def _payload(cue: Cue, begin: Fraction, first: int, last: int) -> Iterator[str]:
    """The cue's lines. A word has its time before it, if that is later than the one before and inside the cue."""
    latest, voice = first, None
    for number, line in enumerate(cue.lines):
        yield "\n" if number else ""
        for index, word in enumerate(line):
            yield separator(line[index - 1].text, word.text) if index else ""
            if word.speaker != voice:
                yield "</v>" if voice is not None else ""
                yield f"<v {_escape(word.speaker)}>" if word.speaker is not None else ""
                voice = word.speaker
            start = _milliseconds(word.start - begin)
            if latest < start < last:
                yield f"<{_stamp(start)}>"
                latest = start
            yield _escape(word.text)
    yield "</v>" if voice is not None else ""


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _milliseconds(seconds: Fraction) -> int:
    return nearest(seconds * 1000)


def _stamp(milliseconds: int) -> str:
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milliseconds:03d}"
