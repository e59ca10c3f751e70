"""The inputs of a graph: files and generators, opened as often as they are read.

Time stamps are the file's own, counted from its start, wherever reading begins: commands run with `GLOBAL_OPTIONS`. So every
frame and sample is found by its moment in the file, and a part of a film is cut from the same places as the whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from shared.media.graph.source import SourceMedia
from shared.media.graph.streams import Stream, decimal

GLOBAL_OPTIONS = ("-copyts", "-start_at_zero")


@dataclass(frozen=True)
class Inputs:
    """What a graph has opened so far. `rate` is that of the film it makes, `threads` what each decoder gets; None: all.

    `decoding`: options of every decoder, such as the GPU that decodes."""

    rate: Fraction
    threads: int | None = None
    decoding: Mapping[str, object] = field(default_factory=dict)
    _opened: dict[tuple[str, str, bool], tuple[Stream, set[int]]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def open(self, media: SourceMedia, label: str, start: Fraction, stream: int, *, exact: bool = True) -> Stream:
        """Stream number `stream` of the file from `start` seconds on, for one reader.

        Picture and sound with the same label and start share an input; what is asked for twice is opened twice."""
        from shared.media.graph.nodes import open_media

        begin = decimal(start)
        key = (label, begin, exact or start <= 0)
        opened, streams = self._opened.get(key, (None, set()))
        if opened is None or stream in streams:
            threads = {} if self.threads is None else {"threads": self.threads}
            opened = open_media(media, self._label(label), begin, exact=exact, options={**self.decoding, **threads})
            streams = set()
            self._opened[key] = opened, streams
        streams.add(stream)
        return opened[str(stream)]

    def generate(self, name: str, **options: object) -> Stream:
        """An endless stream from a generating filter, such as `anullsrc`."""
        from shared.media.graph.nodes import generate

        return generate(name, self._label(name), **options)

    def open_generator(self, description: str) -> Stream:
        """An endless generated input, such as `color=c=black`."""
        from shared.media.graph.nodes import open_generator

        return open_generator(description, self._label("generated"))

    def _label(self, text: str) -> str:
        return f"{text}#{next(self._numbers)}"
