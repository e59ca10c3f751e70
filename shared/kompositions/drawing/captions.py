"""Burnt captions as events of a script."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.kompositions.drawing.ass import FRAME, Color, Event, Style
from shared.kompositions.drawing.boxes import corner, word_boxes
from shared.kompositions.drawing.cues import Cue, Words, cues_of
from shared.kompositions.drawing.entrances import enter
from shared.kompositions.drawing.fonts import find_family
from shared.kompositions.drawing.ordering import runs_right
from shared.kompositions.drawing.safe_areas import safe_area
from shared.kompositions.drawing.sprite import Block, Look, draw
from shared.kompositions.drawing.typesetting import Typeface, separator

if TYPE_CHECKING:
    from shared.kompositions.model import CaptionTrack, Komposition
    from shared.kompositions.timing import Timeline
    from shared.media.graph.source import SourceMedia

_OUTLINE = 0.07
"""In line heights."""
_DOWN = {"top": 0.0, "middle": 0.5, "bottom": 1.0}


@dataclass(frozen=True, eq=False)
class _Lit:
    """A word, its colour when it is not being said, and the frames in which it is."""

    text: str
    color: Color
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
        area = safe_area(track.platform, output.width, output.height)
        down = {"top": area.top, "middle": 0.5, "bottom": 1 - area.bottom}[track.position]
        return cls(track, style, look, timeline, output.width / 2, down * output.height)

    def draw(self, cue: Cue, first: int, end: int) -> Iterator[Event]:
        """The events of a cue that is seen in the frames from `first` up to, not including, `end`."""
        lines = [self._lit(line, first, end) for line in cue.lines]
        texts = [_line(line, lambda word: word.text) for line in lines]
        backed = self.look.background is not None
        block = Block(self.style, texts, "center", 0.5, _DOWN[self.track.position], backed)
        path = enter(self.track.style, (self.x, self.y), self.style.size, (first, end), self.timeline.rate)
        match self.track.style:
            case "karaoke":
                whole = self._karaoke(lines, first)
                return draw(block, self.look, path, lambda begin, stop: [(begin, stop, whole)])
            case "highlight" | "boxed":
                states = self._states(lines, first, end)
                boxes = [*self._boxes(block, lines, first, end)] if self.track.style == "boxed" else []
                return draw(block, self.look, path, lambda _begin, _stop: states, boxes)
            case _:
                plain = self._markup(lines)
                return draw(block, self.look, path, lambda begin, stop: [(begin, stop, plain)])

    def _lit(self, words: Words, first: int, end: int) -> list[_Lit]:
        frame = self.timeline.clock.frame
        starts = [min(max(first, frame(word.start)), end - 1) for word in words]
        ends = [min(max(start + 1, frame(word.end)), end) for start, word in zip(starts, words, strict=True)]
        return [
            _Lit(word.text, self._color(word.speaker), start, stop)
            for word, start, stop in zip(words, starts, ends, strict=True)
        ]

    def _color(self, speaker: str | None) -> Color:
        return Color.of(self.track.speaker_colors.get(speaker or "", self.track.color))

    def _states(self, lines: Sequence[Sequence[_Lit]], first: int, end: int) -> list[tuple[int, int, str]]:
        """The cue's text for every stretch of frames in which the same word is being said, or none is."""
        words = [word for line in lines for word in line]
        return [(begin, stop, self._markup(lines, said)) for begin, stop, said in _stretches(words, first, end)]

    def _boxes(self, block: Block, lines: Sequence[Sequence[_Lit]], first: int, end: int) -> Iterator[Event]:
        """The box under each word while it is being said."""
        words = [word for line in lines for word in line]
        places = word_boxes(block, [[word.text for word in line] for line in lines], self.x, self.y)
        boxes = dict(zip(words, (box for line in places for box in line), strict=True))
        color, radius = Color.of(self.track.highlight_color), corner(self.style.size)
        for begin, stop, said in _stretches(words, first, end):
            if said is not None:
                yield Event(begin, stop, self.style, boxes[said].markup(color, radius))

    def _markup(self, lines: Sequence[Sequence[_Lit]], said: _Lit | None = None) -> str:
        usual = self.look.color

        def marked(word: _Lit) -> str:
            text = self.style.markup(word.text)
            if word is said:
                return f"{{{self._said_tags(word)}}}{text}{{{_fill(usual)}{self._outline(self.look.outline)}}}"
            return text if word.color == usual else f"{{{_fill(word.color)}}}{text}{{{_fill(usual)}}}"

        return "\\N".join(_line(line, marked) for line in lines)

    def _said_tags(self, word: _Lit) -> str:
        """How the word being said is painted; on a box, without outline in the colour that is read best there."""
        lit = Color.of(self.track.highlight_color)
        if self.track.style != "boxed":
            return _fill(lit)
        return _fill(max(word.color, self.look.outline_color, key=lit.contrast)) + self._outline(0)

    def _outline(self, width: float) -> str:
        return f"\\bord{width:.3f}" if self.track.style == "boxed" else ""

    def _karaoke(self, lines: Sequence[Sequence[_Lit]], first: int) -> str:
        """The cue's text, whose words fill with the second colour from their first frame to their last. Words that run from
        the right, which libass would fill from the wrong side, are filled at once."""
        lit = Color.of(self.track.highlight_color)
        at = first

        def marked(word: _Lit) -> str:
            nonlocal at
            waits, lasts = max(0, word.first - at), word.end - max(word.first, at)
            at = word.end
            rest = f"{{\\k{waits * FRAME // 10}}}" if waits else ""
            fills = "k" if runs_right(word.text) else "kf"
            color = f"\\2c{word.color.code}\\2a{word.color.alpha}"
            return f"{rest}{{\\{fills}{lasts * FRAME // 10}{color}}}{self.style.markup(word.text)}"

        return f"{{{_fill(lit)}}}" + "\\N".join(_line(line, marked) for line in lines)


def _stretches(words: Sequence[_Lit], first: int, end: int) -> Iterator[tuple[int, int, _Lit | None]]:
    """The frames from `first` to `end` in stretches, and the word that is being said in each."""
    edges = sorted({first, end, *(word.first for word in words), *(word.end for word in words)})
    for begin, stop in pairwise(edges):
        yield begin, stop, next((word for word in reversed(words) if word.first <= begin < word.end), None)


def _fill(color: Color) -> str:
    return f"\\1c{color.code}\\1a{color.alpha}"


def _line(words: Sequence[_Lit], mark: Callable[[_Lit], str]) -> str:
    """The words of a line as `mark` puts them, with what belongs between them."""
    line = mark(words[0])
    for before, word in pairwise(words):
        line += separator(before.text, word.text) + mark(word)
    return line
