"""Image overlays in the graph: scaled, turned and faded only as often as something changes, then laid on the picture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import floor
from pathlib import Path

from shared.kompositions.drawing.expressions import DECIMALS, changing, expression, film_frame
from shared.kompositions.drawing.files import write_file
from shared.kompositions.drawing.items import Item
from shared.kompositions.drawing.placing import OPACITY, ROTATION, SCALE, Placing, X, Y
from shared.kompositions.graph.film import Film
from shared.media.graph.fields import whole_frames
from shared.media.graph.scaling import EXACT, fill_frame
from shared.media.graph.shot import Shot
from shared.media.graph.source import SourceMedia
from shared.media.graph.streams import Stream, combine, copies, decimal, ratio

Stage = Callable[[Stream], Stream]

_BIAS = Fraction(1, 20)
"""Of a frame, as of segments: a frame of a video midway between two of the film goes to the earlier one."""


@dataclass(frozen=True)
class ImageLayer:
    """An image overlay in the part of the film that is rendered."""

    placing: Placing
    media: SourceMedia
    film: Film
    folder: Path

    @property
    def item(self) -> Item:
        """What is drawn."""
        return self.placing.item

    def draw(self, picture: Stream) -> tuple[Stream, tuple[Path, ...]]:
        """The picture with the image over it, and the files that were written."""
        if self.first >= self.end:
            return picture, ()
        image = self._image()
        if not self._glides:
            return self._laid(picture, image), (self._commands,) if self._fades else ()
        shifts = list(product(*(self._shifts(axis) for axis in (X, Y))))
        for odd, copy in zip(shifts, copies(image, len(shifts)), strict=True):
            shifted = self._in_colors_of_the_film(self._cut(copy, *odd))
            right = (f"eq({self._corner(axis, 'mod({0},2)')},{rest})" for axis, rest in zip((X, Y), odd, strict=True))
            picture = self._laid(picture, shifted, *right)
        return picture, ()

    def _laid(self, picture: Stream, image: Stream, *when: str) -> Stream:
        """The image on the picture in the frames that show it, as long as all of `when` hold."""
        rate, zero = self.film.rate, self.film.timeline.start_frame
        begin, end = ((frame - zero - Fraction(1, 2)) / rate for frame in (self.first, self.end))
        x, y = (self._film + self._corner(axis, "2*ceil({0}/2)") for axis in (X, Y))
        often = "frame" if self.placing.travels else "init"
        seen = self._film + "*".join((f"between(t,{decimal(begin)},{decimal(end)})", *when))
        return combine([picture, image], "overlay", x=x, y=y, eval=often, enable=seen)

    @property
    def first(self) -> int:
        """The first frame that shows it."""
        return max(self.item.first, self.film.timeline.start_frame)

    @property
    def end(self) -> int:
        """The frame after the last one that shows it; a video that has been played is gone."""
        end = min(self.item.end, self.film.timeline.end_frame)
        if self.media.info.is_still:
            return end
        length = self.media.info.exact_duration - self._offset
        return min(end, self.item.first + self.film.clock.frame(max(Fraction(0), length)))

    def _image(self) -> Stream:
        """As it is laid on the picture: a frame for every change of a still, every frame of a video."""
        stream, running = self._opened(), not self.media.info.is_still
        for changes, stage in self._stages():
            if changes and not running:
                stream, running = self._changing(stream), True
            stream = stage(stream)
        return stream

    def _stages(self) -> Iterator[tuple[bool, Stage]]:
        """What is done to the image, in order, each with whether it changes from frame to frame."""
        placing = self.placing
        if placing.is_clear:
            # Colours of clear pixels must not bleed in where pixels are mixed: they count as little as they are seen.
            yield False, lambda image: image.filter("format", "gbrap").filter("premultiply", inplace=1)
        yield False, self._sized
        if placing.is_turned:
            yield False, lambda image: image.filter("format", "gbrap").filter("pad", "iw+2", "ih+2", 1, 1, "black@0")
            yield placing.turns, self._turned
        if placing.grows:
            yield True, self._grown
        if not self._is_plain:
            yield placing.grows, self._framed
        if placing.is_clear or placing.is_turned:
            yield False, lambda image: image.filter("format", "gbrap").filter("unpremultiply", inplace=1)
        if self._fades:
            yield True, lambda image: image.filter("sendcmd", filename=str(self._commands))
        if self._fades or placing.opacity < 1:
            yield False, self._faded
        if not (self._is_plain or self._glides):
            yield placing.travels, self._on_even_pixels
            yield False, self._in_colors_of_the_film

    def _opened(self) -> Stream:
        label, info = self.item.pointer, self.placing.info
        if self.media.info.is_still:
            return self.film.inputs.open(self.media, label, Fraction(0), info.index)
        rate, offset, skipped = self.film.rate, self._offset, (self.first - self.item.first) / self.film.rate
        shot = Shot(label, self.media, offset, self.media.info.exact_duration - offset, Fraction(1), self.item.end)
        begin = shot.reading_start(offset + skipped)
        source = self.film.inputs.open(self.media, label, begin, info.index, exact=not info.variable_frame_rate)
        whole = whole_frames(source, info)
        timed = whole.filter("settb", "AVTB").filter("setpts", f"PTS{float((_BIAS / rate - offset) * 1_000_000):+.3f}")
        paced = timed.filter("fps", fps=ratio(rate), start_time=decimal(skipped))
        return self._counted(paced.filter("tpad", stop_mode="clone", stop=self.end - self.first))

    def _changing(self, still: Stream) -> Stream:
        """The still again for every frame that may look other than the one before: the overlay filter holds the last one."""
        when = f"{self._film}max(eq(ld(0),{self.first}),{changing(self.placing.pieces)})"
        return self._counted(still.filter("loop", loop=-1, size=1)).filter("select", when)

    def _counted(self, stream: Stream) -> Stream:
        """As many frames as show it, stamped as those of the picture that they belong to."""
        rate, begin = self.film.rate, self.first - self.film.timeline.start_frame
        cut = stream.filter("trim", end_frame=self.end - self.first)
        return cut.filter("settb", ratio(1 / rate)).filter("setpts", f"N+{begin}")

    def _sized(self, image: Stream) -> Stream:
        if not self.media.info.is_still and not self.placing.is_clear:
            return fill_frame(image, self.placing.info, self.placing.base, "stretch")
        return image.filter("scale", *self.placing.base, flags=EXACT, **self._matrix)

    def _turned(self, image: Stream) -> Stream:
        wide, high = self.placing.canvas
        angle = f"{self._film}{expression(self.placing.pieces, ROTATION)}*PI/180"
        return image.filter("rotate", angle, ow=wide, oh=high, c="black@0")

    def _grown(self, image: Stream) -> Stream:
        wide, high = (f"{self._film}{self._side(axis)}" for axis in (X, Y))
        return image.filter("scale", wide, high, eval="frame", flags=EXACT)

    def _faded(self, image: Stream) -> Stream:
        return image.filter("format", "gbrap").filter(self._fader, aa=f"{self.placing.opacity:.6f}")

    def _framed(self, image: Stream) -> Stream:
        """In the middle of a clear frame that does not grow."""
        wide, high = self.placing.frame
        middle = (f"floor(({wide}-iw)/2)", f"floor(({high}-ih)/2)")
        often = "frame" if self.placing.grows else "init"
        return image.filter("format", "gbrap").filter("pad", wide, high, *middle, "black@0", eval=often)

    def _on_even_pixels(self, image: Stream) -> Stream:
        return self._cut(image, *(self._film + self._corner(axis, "mod({0},2)") for axis in (X, Y)))

    def _cut(self, image: Stream, x: str | int, y: str | int) -> Stream:
        """The overlay filter knows only even places: for an odd one the frame's first column or row is cut off, else its last."""
        wide, high = self.placing.frame
        return image.filter("crop", wide - 1, high - 1, x, y)

    def _in_colors_of_the_film(self, image: Stream) -> Stream:
        return image.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", "yuva420p")

    @property
    def _is_plain(self) -> bool:
        """Whether it needs no transparency: a video that covers a place at rest. It is put on the nearest even pixel."""
        placing = self.placing
        hides = not (placing.is_clear or placing.is_turned or placing.travels or self._fades or placing.opacity < 1)
        return hides and not self.media.info.is_still

    @property
    def _offset(self) -> Fraction:
        """Where in the file its time 0 is, seconds."""
        return self.film.offsets[self.placing.overlay.source_id]

    @property
    def _matrix(self) -> dict[str, str]:
        """How to read colours that the file says nothing of: players go by the height."""
        info = self.placing.info
        if info.color_space is not None or not (info.pixel_format or "").startswith("yuv"):
            return {}
        return {"in_color_matrix": "bt709" if min(info.display_size) >= 720 else "bt601"}

    @property
    def _fades(self) -> bool:
        return any(piece.start[OPACITY] != self.placing.opacity or not piece.still for piece in self.placing.pieces)

    @property
    def _glides(self) -> bool:
        """Whether it only moves. Then each of its copies, shifted for the overlay filter, is made once and shown in its turn."""
        placing = self.placing
        changes = placing.grows or placing.turns or self._fades or placing.opacity < 1
        return placing.travels and self.media.info.is_still and not changes

    @property
    def _fader(self) -> str:
        """The filter that fades this image, with a name of its own, so that commands reach no other."""
        return f"colorchannelmixer@{self.item.name}"

    @cached_property
    def _commands(self) -> Path:
        """The file of commands for `_fader`: one that sets the opacity of every frame."""
        frame = film_frame(self.film.rate, self.film.timeline.start_frame, "T")
        opacity = expression(self.placing.pieces, OPACITY)
        return write_file(self.folder, ".cmd", f"0 [expr] {self._fader} aa '{frame}{opacity}';\n")

    def _shifts(self, axis: int) -> tuple[int, ...]:
        """Columns or rows to cut off so that the rest begins at an even pixel, of an image that glides."""
        places = {piece_end[axis] for piece in self.placing.pieces for piece_end in (piece.start, piece.stop)}
        if len(places) > 1:
            return 0, 1
        side, frame = self.placing.canvas[axis], self.placing.frame[axis]
        return ((floor(round(places.pop(), DECIMALS) - side / 2 + 0.5) - (frame - side) // 2) % 2,)

    @cached_property
    def _film(self) -> str:
        return film_frame(self.film.rate, self.film.timeline.start_frame)

    def _side(self, axis: int) -> str:
        """Pixels of the image with its canvas, as an expression of the frame in variable 0."""
        side, placing = self.placing.canvas[axis], self.placing
        if not placing.grows:
            return str(side)
        return f"max(1,round({side}*({expression(placing.pieces, SCALE)})/{placing.base_scale:.6f}))"

    def _corner(self, axis: int, wanted: str) -> str:
        """What is `wanted` of the pixel of the picture where the frame around the image begins, as an expression."""
        side = self._side(axis)
        edge = (
            f"floor({expression(self.placing.pieces, axis)}-{side}/2+0.5)-floor(({self.placing.frame[axis]}-{side})/2)"
        )
        return wanted.format(f"({edge})")
