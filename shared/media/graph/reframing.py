"""A source's picture as its framing shows it: cut, moved to a fraction of a pixel, laid out, in one graph.

The cut is made in the source's own pixels, so no more of the picture is scaled than is seen."""

from dataclasses import dataclass
from fractions import Fraction

from shared.media.graph.framing import Run, Section, View, expression, plan_runs
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import cut, join, paced_picture, renumber
from shared.media.graph.scaling import Size, fill_frame, resize, tag
from shared.media.graph.shot import Shot
from shared.media.graph.streams import Stream, combine, copies, ratio
from shared.media.info import StreamInfo

_MARGIN = 2
"""Pixels read on either side of a view that moves: what cubic interpolation looks at."""


def framed_picture(shot: Shot, begin: int, end: int, size: Size, *, clear: bool, inputs: Inputs) -> Stream:
    """The frames `begin` up to `end` of a shot that plays forwards and has a framing; time stamps from 0."""
    info = shot.media.info.video
    assert info is not None and shot.framing is not None, "whoever asks has looked"
    if shot.media.info.is_still:
        still = inputs.open(shot.media, shot.label, Fraction(0), info.index)
        paced = cut(still.filter("fps", fps=ratio(inputs.rate), start_time=0), 0, end - begin, inputs.rate)
    else:
        paced = paced_picture(shot, begin, end, inputs)
    runs = plan_runs(shot.framing, shot.start, inputs.rate * shot.stretch, begin, end)
    frame = _Frame(info, size, "yuva420p" if clear else "yuv420p")
    pieces = []
    for copy, run in zip(copies(paced, len(runs)), runs, strict=True):
        piece = copy
        if len(runs) > 1:
            edges = {"start_frame": run.first - begin, "end_frame": run.last - begin}
            piece = renumber(copy.filter("trim", **edges), inputs.rate)
        pieces.append(frame.laid_out(piece, run))
    return join(pieces, inputs.rate)


@dataclass(frozen=True)
class _Frame:
    """The frame to fill, and the picture to fill it with."""

    info: StreamInfo
    size: Size
    pixels: str

    def laid_out(self, stream: Stream, run: Run) -> Stream:
        """A run's frames, from its first on."""
        if not run.shot.views:
            return fill_frame(stream, self.info, self.size, "blur")
        cells = self._cells(len(run.shot.views), run.shot.share)
        seen = [
            self._seen(copy, view, sections, cell, run.first)
            for copy, view, sections, cell in zip(
                copies(stream, len(cells)), run.shot.views, run.sections, cells, strict=True
            )
        ]
        return tag(seen[0] if len(seen) == 1 else combine(seen, "vstack" if self._upright else "hstack", inputs=2))

    @property
    def _upright(self) -> bool:
        return self.size[1] >= self.size[0]

    def _cells(self, count: int, share: float) -> list[Size]:
        width, height = self.size
        if count == 1:
            return [self.size]
        if self._upright:
            first = _even(height * share, height - 2)
            return [(width, first), (width, height - first)]
        first = _even(width * share, width - 2)
        return [(first, height), (width - first, height)]

    def _seen(self, stream: Stream, view: View, sections: tuple[Section, ...], cell: Size, first: int) -> Stream:
        """What a view shows, in a cell."""
        whole = stored_size(self.info)
        width, height = self._shaped(view, cell)
        # What the cell cannot show of the view goes from both sides.
        trimmed = (view.width - width / whole[0]) / 2, (view.height - height / whole[1]) / 2
        axes = [
            _Axis(axis, whole[axis], kept, cell[axis], _moved(sections, axis, trimmed[axis]), first)
            for axis, kept in ((0, width), (1, height))
        ]
        across, down = axes
        stream = stream.filter("crop", w=across.read, h=down.read, x=across.corner, y=down.corner)
        if not (across.moves or down.moves):
            return resize(stream, self.info, cell, self.pixels)
        stream = resize(stream, self.info, (across.inner, down.inner), self.pixels)
        stream = _shifted(stream, across, down)
        if (across.work, down.work) != cell:
            stream = stream.filter("scale", *cell, flags="bicubic").filter("setsar", 1)
        return stream.filter("format", self.pixels)

    def _shaped(self, view: View, cell: Size) -> Size:
        """The size of a view in stored pixels, without what the cell's shape leaves no room for."""
        whole, shown = stored_size(self.info), self.info.display_size
        wide, high = view.width * shown[0], view.height * shown[1]
        shape = cell[0] / cell[1]
        wide, high = min(wide, high * shape), min(high, wide / shape)
        return _even(wide / shown[0] * whole[0], whole[0]), _even(high / shown[1] * whole[1], whole[1])


def stored_size(info: StreamInfo) -> Size:
    """Width and height of the upright picture in pixels as they are stored, square or not."""
    size = max(1, info.width or 1), max(1, info.height or 1)
    return (size[1], size[0]) if info.lies else size


@dataclass(frozen=True)
class _Axis:
    """A view along one axis: `kept` pixels of `whole`, into `cell` pixels of the frame."""

    axis: int
    whole: int
    kept: int
    cell: int
    sections: tuple[Section, ...]
    first: int

    @property
    def moves(self) -> bool:
        """Whether it ever lies between pixels."""
        return self.whole - self.kept >= 2 * _MARGIN and any(section.moves(self.axis) for section in self.sections)

    @property
    def margin(self) -> int:
        """Pixels read on either side."""
        return _MARGIN if self.moves else 0

    @property
    def read(self) -> int:
        """Pixels that are cut out."""
        return self.kept + 2 * self.margin

    @property
    def work(self) -> int:
        """Pixels of the view while it is moved: as few as the source or the frame has."""
        return min(self.kept, self.cell)

    @property
    def inner(self) -> int:
        """Pixels of what was cut out, then."""
        return self.read if self.work == self.kept else _even(self.read * self.work / self.kept, self.read)

    def place(self, number: str) -> str:
        """Where the view begins in the picture's pixels, as an expression; `number` counts frames from the run's first."""
        low, high = self.margin, self.whole - self.kept - self.margin
        return f"st(0,{number}+{self.first})*0+{expression(self.sections, self.axis, self.whole, low, high)}"

    @property
    def corner(self) -> str:
        """Where it is cut out: whole pixels of chroma."""
        return f"2*floor(({self.place('n')})/2+0.5)-{self.margin}" if self.moves else f"2*floor(({self.place('n')})/2)"

    @property
    def edges(self) -> tuple[str, str]:
        """What of the cut comes to lie on its first and on its last pixel; 0 and its length where it rests."""
        if not self.moves:
            return "0", str(self.inner)
        scale = self.inner / self.read
        # The view begins `margin` pixels in, and from there on each of its pixels becomes one of the work's.
        step = self.kept * scale / self.work
        offset = f"st(2,{self.place('in-1')})*0+(ld(2)-2*floor(ld(2)/2+0.5))*{scale:.9f}"
        start = self.margin * scale - self.margin * step
        return f"{offset}+{start:.6f}", f"{offset}+{start + self.inner * step:.6f}"

    @property
    def drawn(self) -> str:
        """Whether it may lie between pixels in a frame, as an expression of its number `n`; empty: nobody can tell, always."""
        if not self.moves:
            return "0"
        if self.inner != self.read:
            return ""
        ends = [section.first for section in self.sections[1:]]
        spans = [
            f"between(n,{section.first - self.first},{end - self.first - 1 if end is not None else 1_000_000_000})"
            for section, end in zip(self.sections, [*ends, None], strict=True)
            if section.moves(self.axis)
        ]
        return "+".join(spans)


def _shifted(stream: Stream, across: _Axis, down: _Axis) -> Stream:
    """The view out of what was read around it, moved by fractions of a pixel where it has to be."""
    (left, right), (top, bottom) = across.edges, down.edges
    corners = {"x0": left, "y0": top, "x1": right, "y1": top, "x2": left, "y2": bottom, "x3": right, "y3": bottom}
    drawn = [across.drawn, down.drawn]
    when = {"enable": "+".join(drawn)} if all(drawn) else {}
    moved = stream.filter("perspective", interpolation="cubic", sense="source", eval="frame", **corners, **when)
    return moved.filter("crop", w=across.work, h=down.work, x=across.margin, y=down.margin)


def _moved(sections: tuple[Section, ...], axis: int, by: float) -> tuple[Section, ...]:
    """The sections, all of them further on an axis."""

    def place(corner: tuple[float, float]) -> tuple[float, float]:
        return (corner[0] + by, corner[1]) if axis == 0 else (corner[0], corner[1] + by)

    return tuple(
        Section(each.first, each.begin, each.end, place(each.start), place(each.stop), each.pace) for each in sections
    )


def _even(value: float, most: int) -> int:
    return max(2, min(round(value / 2) * 2, most // 2 * 2))
