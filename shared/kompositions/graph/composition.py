"""The whole picture: the tracks in their places, span after span, and the effects over all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kompositions.graph.affecting import affect, first_needed, shown
from shared.kompositions.graph.brackets import Brackets
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.spans import Layer, Span, plan_spans
from shared.kompositions.graph.track import TrackPicture
from shared.media.effects import Frame
from shared.media.graph.picture import black, cut, join, renumber
from shared.media.graph.scaling import tag
from shared.media.graph.streams import Stream, combine


@dataclass(frozen=True)
class Composition:
    """The picture of a film below its overlays."""

    film: Film
    brackets: Brackets

    def frames(self, start: int, end: int) -> Stream:
        """The frames from `start` up to `end` of the film, time stamps from 0."""
        whole = shown(self.brackets.whole)
        frame = Frame(*self.film.size, self.film.rate, self.film.timeline.film_frames)
        begin = first_needed(whole, 0, start, frame)
        stream = join([self._span(span) for span in plan_spans(self.film, begin, end)], self.film.rate)
        stream = affect(stream, whole, frame, "yuv420p")
        return cut(stream, start - begin, end - begin, self.film.rate) if begin < start else stream

    def _span(self, span: Span) -> Stream:
        below, layers = self._bottom(span)
        for layer in layers:
            place = {"x": layer.cell.left, "y": layer.cell.top}
            below = combine([below, self._track(layer, span)], "overlay", **place)
        return renumber(tag(below.filter("format", "yuv420p")), self.film.rate) if layers else below

    def _bottom(self, span: Span) -> tuple[Stream, Sequence[Layer]]:
        """What fills the frame, and the layers that are laid over it."""
        if span.layers and not span.layers[0].clear and span.layers[0].cell.size == self.film.size:
            return self._track(span.layers[0], span), span.layers[1:]
        return black(span.end - span.start, self.film.size, self.film.inputs), span.layers

    def _track(self, layer: Layer, span: Span) -> Stream:
        track = TrackPicture(self.film, layer.track, self.brackets.tracks[layer.track], layer.cell.size, layer.clear)
        return track.frames(span.start, span.end)
