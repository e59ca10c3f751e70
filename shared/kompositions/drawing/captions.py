"""Burnt captions as events of a script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.kompositions.drawing.ass import FRAME, Color, Event, Style
from shared.kompositions.drawing.boxes import corner, word_boxes
from shared.kompositions.drawing.cues import cues_of, typeface_of
from shared.kompositions.drawing.entrances import enter
from shared.kompositions.drawing.ground import DOWN, OUTLINE, ground_of
from shared.kompositions.drawing.lit import LitCue, LitWord, Voices
from shared.kompositions.drawing.ordering import runs_right
from shared.kompositions.drawing.sprite import Block, Look, draw

if TYPE_CHECKING:
    from shared.kompositions.drawing.cues import Cue
    from shared.kompositions.model import CaptionTrack, Komposition
    from shared.kompositions.timing import Timeline
    from shared.media.graph.source import SourceMedia


def caption_events(
    komposition: "Komposition", timeline: "Timeline", media: "Mapping[str, SourceMedia]"
) -> Iterator[Event]:
    """Everything that draws the burnt caption tracks in the part of the film that `timeline` renders."""
    for number, track in enumerate(komposition.tracks.caption):
        if track.mode != "sidecar":
            cues, voices = cues_of(track, number, komposition, timeline, media), _voices(track)
            drawer = _Drawer.of(track, f"captions-{number}", komposition, timeline, cues)
            end = 0
            for cue in cues:
                first = max(end, timeline.clock.frame(cue.start))
                end = max(first + 1, timeline.clock.frame(cue.end))
                if first < timeline.end_frame and end > timeline.start_frame:
                    yield from drawer.draw(LitCue.of(cue, first, end, timeline.clock, voices))


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
    def of(
        cls, track: "CaptionTrack", name: str, komposition: "Komposition", timeline: "Timeline", cues: "Sequence[Cue]"
    ) -> "_Drawer":
        output = komposition.output
        size = track.size * output.height
        style = Style(name, typeface_of(track), size, track.bold)
        background = Color.of(track.background) if track.background else None
        look = Look(Color.of(track.color), Color.of(track.outline_color), OUTLINE * size, background=background)
        rest = ground_of(track, output).y * output.height
        if track.position == "bottom" and background is None:
            rest -= size * max((style.typeface.depth(word.text) for cue in cues for word in cue.lines[-1]), default=0.0)
        return cls(track, style, look, timeline, output.width / 2, rest)

    def draw(self, cue: LitCue) -> Iterator[Event]:
        """The events of a cue."""
        backed = self.look.background is not None
        block = Block(self.style, cue.texts(), "center", 0.5, DOWN[self.track.position], backed)
        path = enter(self.track.style, (self.x, self.y), self.style.size, (cue.first, cue.end), self.timeline.rate)
        match self.track.style:
            case "karaoke":
                whole = self._karaoke(cue)
                return draw(block, self.look, path, lambda begin, stop: [(begin, stop, whole)])
            case "highlight" | "boxed":
                states = [(begin, stop, self._markup(cue, said)) for begin, stop, said in cue.stretches()]
                boxes = [*self._boxes(block, cue)] if self.track.style == "boxed" else []
                return draw(block, self.look, path, lambda _begin, _stop: states, boxes)
            case _:
                plain = self._markup(cue)
                return draw(block, self.look, path, lambda begin, stop: [(begin, stop, plain)])

    def _boxes(self, block: Block, cue: LitCue) -> Iterator[Event]:
        """The box under each word while it is being said."""
        lines = [[word.text for word in line] for line in cue.lines]
        places = word_boxes(block, lines, (self.x, self.y), right=cue.right)
        boxes = dict(zip(cue.words, (box for line in places for box in line), strict=True))
        for begin, stop, said in cue.stretches():
            if said is not None:
                yield Event(begin, stop, self.style, boxes[said].markup(self._lit, corner(self.style.size)))

    def _markup(self, cue: LitCue, said: LitWord | None = None) -> str:
        """The cue's text while `said` is being said."""
        usual = self.look.color

        def marked(word: LitWord) -> str:
            text = self.style.markup(word.text)
            if word is said:
                return f"{{{self._said(word)}}}{text}{{{_fill(usual)}{self._outline(self.look.outline)}}}"
            return text if word.color == usual else f"{{{_fill(word.color)}}}{text}{{{_fill(usual)}}}"

        return "\\N".join(cue.texts(marked))

    def _said(self, word: LitWord) -> str:
        """How the word being said is painted; on a box, without outline in the colour that is read best there."""
        if self.track.style != "boxed":
            return _fill(self._lit)
        return _fill(max(word.color, self.look.outline_color, key=self._lit.contrast)) + self._outline(0)

    def _outline(self, width: float) -> str:
        return f"\\bord{width:.3f}" if self.track.style == "boxed" else ""

    def _karaoke(self, cue: LitCue) -> str:
        """The cue's text, whose words fill with the second colour from their first frame to their last. Words that run from
        the right, which libass would fill from the wrong side, are filled at once."""
        at = cue.first

        def marked(word: LitWord) -> str:
            nonlocal at
            waits, lasts = max(0, word.first - at), word.end - max(word.first, at)
            at = word.end
            rest = f"{{\\k{waits * FRAME // 10}}}" if waits else ""
            fills = "k" if runs_right(word.text) else "kf"
            color = f"\\2c{word.color.code}\\2a{word.color.alpha}"
            return f"{rest}{{\\{fills}{lasts * FRAME // 10}{color}}}{self.style.markup(word.text)}"

        return f"{{{_fill(self._lit)}}}" + "\\N".join(cue.texts(marked))

    @property
    def _lit(self) -> Color:
        return Color.of(self.track.highlight_color)


def _voices(track: "CaptionTrack") -> Voices:
    language = track.transcript.language if track.transcript is not None else None
    colors = {speaker: Color.of(color) for speaker, color in track.speaker_colors.items()}
    return Voices(language, colors, Color.of(track.color))


def _fill(color: Color) -> str:
    return f"\\1c{color.code}\\1a{color.alpha}"
