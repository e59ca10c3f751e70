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
_COUNTED_BY_USE = frozenset(("mpegts", "mpeg", "ogg"))
"""Formats, by FFmpeg's names, whose time it counts from the first of those streams that are read, not from the file's start."""


@dataclass(frozen=True)
class Inputs:
    """What a graph has opened so far. `rate` is that of the film it makes, `threads` what each decoder gets; None: all.

    `decoding`: options of every decoder, such as the GPU that decodes."""

    rate: Fraction
    threads: int | None = None
    decoding: Mapping[str, object] = field(default_factory=dict)
    _opened: dict[tuple[str, str, bool, int | None], tuple[Stream, set[int]]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def open(self, media: SourceMedia, label: str, start: Fraction, stream: int, *, exact: bool = True) -> Stream:
        """Stream number `stream` of the file from `start` seconds on, for one reader.

        Picture and sound with the same label and start share an input, if only one of them would not be counted otherwise;
        what is asked for twice is opened twice."""
        from shared.media.graph.nodes import open_media

        options: dict[str, object]
        begin = decimal(start)
        alone = media.info.container in _COUNTED_BY_USE
        key = (label, begin, exact or start <= 0, stream if alone else None)
        opened, streams = self._opened.get(key, (None, set()))
        if opened is None or stream in streams:
            options = {} if self.threads is None else {"threads": self.threads}
            if alone:
                options |= _set_back(media, stream)
            opened = open_media(media, self._label(label), begin, exact=exact, options={**self.decoding, **options})
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


def _set_back(media: SourceMedia, stream: int) -> dict[str, object]:
    """The option that lets a stream that is read alone begin when it does in the file."""
    start = next((each.start for each in media.info.streams if each.index == stream), Fraction(0))
    return {"itsoffset": decimal(start)} if start else {}
