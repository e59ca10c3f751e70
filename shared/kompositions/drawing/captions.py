"""Burnt captions as events of a script."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.kompositions.drawing.ass import FRAME, Color, Event, Style
from shared.kompositions.drawing.cues import Cue, Words, cues_of, safe_margins
from shared.kompositions.drawing.entrances import enter
from shared.kompositions.drawing.fonts import find_family
from shared.kompositions.drawing.sprite import Block, Look, draw
from shared.kompositions.drawing.typesetting import Typeface, separator

if TYPE_CHECKING:
    from shared.kompositions.model import CaptionTrack, Komposition
    from shared.kompositions.timing import Timeline
    from shared.media.graph.source import SourceMedia

_OUTLINE = 0.07
"""In line heights."""
_DOWN = {"top": 0.0, "middle": 0.5, "bottom": 1.0}


@dataclass(frozen=True)
class _Lit:
    """A word and the frames in which it is being said."""

    text: str
    first: int
    end: int


def caption_events(
    komposition: "Komposition", timeline: "Timeline", media: "Mapping[str, SourceMedia]"
) -> Iterator[Event]:
    """Everything that draws the burnt caption tracks in the part of the film that `timeline` renders."""
    for number, track in enumerate(komposition.tracks.caption):
        if track.mode != "sidecar":
            drawer = _Drawer.of(track, f"captions-{number}", komposition, timeline)
            end = 0
            for cue in cues_of(track, number, komposition, timeline, media):
                first = max(end, timeline.clock.frame(cue.start))
                end = max(first + 1, timeline.clock.frame(cue.end))
                if first < timeline.end_frame and end > timeline.start_frame:
                    yield from drawer.draw(cue, first, end)


@dataclass(frozen=True)
class _Drawer:
    """How the cues of a track look."""

    track: "CaptionTrack"
    style: Style
    look: Look
    timeline: "Timeline"
    x: float
    y: float

    @classmethod
    def of(cls, track: "CaptionTrack", name: str, komposition: "Komposition", timeline: "Timeline") -> "_Drawer":
        output = komposition.output
        size = track.size * output.height
        style = Style(name, Typeface(find_family(track.font).face(bold=track.bold)), size, track.bold)
        background = Color.of(track.background) if track.background else None
        look = Look(Color.of(track.color), Color.of(track.outline_color), _OUTLINE * size, background=background)
        top, bottom = safe_margins(output.width, output.height)
        down = {"top": top, "middle": 0.5, "bottom": 1 - bottom}[track.position]
        return cls(track, style, look, timeline, output.width / 2, down * output.height)

    def draw(self, cue: Cue, first: int, end: int) -> Iterator[Event]:
        """The events of a cue that is seen in the frames from `first` up to, not including, `end`."""
        lines = [self._lit(line, first, end) for line in cue.lines]
        texts = [_line(line, lambda word: word.text) for line in lines]
        boxed = self.look.background is not None
        block = Block(self.style, texts, "center", 0.5, _DOWN[self.track.position], boxed)
        path = enter(self.track.style, (self.x, self.y), self.style.size, (first, end), self.timeline.rate)
        match self.track.style:
            case "karaoke":
                whole = self._karaoke(lines, first)
                return draw(block, self.look, path, lambda begin, stop: [(begin, stop, whole)])
            case "highlight":
                states = self._highlights(lines, first, end)
                return draw(block, self.look, path, lambda _begin, _stop: states)
            case _:
                plain = self._markup(lines)
                return draw(block, self.look, path, lambda begin, stop: [(begin, stop, plain)])

    def _lit(self, words: Words, first: int, end: int) -> list[_Lit]:
        frame = self.timeline.clock.frame
        starts = [min(max(first, frame(word.start)), end - 1) for word in words]
        ends = [min(max(start + 1, frame(word.end)), end) for start, word in zip(starts, words, strict=True)]
        return [_Lit(word.text, start, stop) for word, start, stop in zip(words, starts, ends, strict=True)]

    def _highlights(self, lines: Sequence[Sequence[_Lit]], first: int, end: int) -> list[tuple[int, int, str]]:
        """The cue's text for every stretch of frames in which the same word is being said, or none is."""
        words = [word for line in lines for word in line]
        edges = sorted({first, end, *(word.first for word in words), *(word.end for word in words)})
        states = []
        for begin, stop in pairwise(edges):
            said = next((word for word in reversed(words) if word.first <= begin < word.end), None)
            states.append((begin, stop, self._markup(lines, said)))
        return states

    def _markup(self, lines: Sequence[Sequence[_Lit]], said: _Lit | None = None) -> str:
        lit, usual = Color.of(self.track.highlight_color), self.look.color

        def marked(word: _Lit) -> str:
            text = self.style.markup(word.text)
            if word is not said:
                return text
            return f"{{\\1c{lit.code}\\1a{lit.alpha}}}{text}{{\\1c{usual.code}\\1a{usual.alpha}}}"

        return "\\N".join(_line(line, marked) for line in lines)

    def _karaoke(self, lines: Sequence[Sequence[_Lit]], first: int) -> str:
        """The cue's text, whose words fill with the second colour from their first frame to their last."""
        lit, usual = Color.of(self.track.highlight_color), self.look.color
        at = first

        def marked(word: _Lit) -> str:
            nonlocal at
            waits, lasts = max(0, word.first - at), word.end - max(word.first, at)
            at = word.end
            rest = f"{{\\k{waits * FRAME // 10}}}" if waits else ""
            return f"{rest}{{\\kf{lasts * FRAME // 10}}}{self.style.markup(word.text)}"

        colors = f"{{\\1c{lit.code}\\1a{lit.alpha}\\2c{usual.code}\\2a{usual.alpha}}}"
        return colors + "\\N".join(_line(line, marked) for line in lines)


def _line(words: Sequence[_Lit], mark: Callable[[_Lit], str]) -> str:
    """The words of a line as `mark` puts them, with what belongs between them."""
    line = mark(words[0])
    for before, word in pairwise(words):
        line += separator(before.text, word.text) + mark(word)
    return line
