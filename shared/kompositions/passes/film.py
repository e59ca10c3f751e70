"""Film: a komposition with its media, as FFmpeg's graphs of the whole and of windows, and the content keys of both."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from shared.kompositions.compiler import MediaGraph, compile_komposition
from shared.kompositions.model import Komposition, Output
from shared.kompositions.timing import Timeline, plan_timeline
from shared.media import Ffmpeg
from shared.media.graph import Loudness, SourceMedia
from shared.media.joining import can_join

_FORMATS = {"mkv": "matroska"}
"""FFmpeg's names of containers that it calls otherwise."""
_JOINABLE = ("h264", "h265", "vp9", "av1")
_SCHEME = "1"
"""Changes when the same graph would no longer be coded into the same film: all that is cached is then left alone."""


@dataclass(frozen=True)
class Film:
    """What is to be rendered. `folder` is scratch."""

    komposition: Komposition
    media: Mapping[str, SourceMedia]
    folder: Path
    ffmpeg: Ffmpeg

    @cached_property
    def timeline(self) -> Timeline:
        """Its plan in frames."""
        return plan_timeline(self.komposition)

    @cached_property
    def pictured(self) -> tuple[int, ...]:
        """Which outputs have a picture."""
        return tuple(index for index, output in enumerate(self.komposition.outputs) if output.coded[0] is not None)

    @cached_property
    def sounding(self) -> bool:
        """Whether some output has sound."""
        return any(output.coded[1] is not None for output in self.komposition.outputs) and self.whole.sound is not None

    @cached_property
    def divisible(self) -> bool:
        """Whether every output with a picture can be joined of windows: all on one grid of frames, in formats that allow it."""
        outputs = [self.komposition.outputs[index] for index in self.pictured]
        return self.pictured[:1] == (0,) and all(
            output.coded[0] in _JOINABLE and output.frame_rate == self.timeline.rate and can_join(muxer_of(output))
            for output in outputs
        )

    @cached_property
    def whole(self) -> MediaGraph:
        """The graph of all of it."""
        return self.graph()

    def graph(self, window: range | None = None, loudness: Loudness | None = None) -> MediaGraph:
        """The graph of some of its frames (of all by default)."""
        folder = Path(mkdtemp(prefix="graph-", dir=self.folder))
        return compile_komposition(self.komposition, self.media, folder, window=window, loudness=loudness)

    def arguments(self, graph: MediaGraph) -> list[str]:
        """FFmpeg's arguments with names in place of outputs."""
        return graph.arguments([Path(f"output-{index}") for index in range(len(graph.outputs))])

    def picture_keys(self, graph: MediaGraph) -> tuple[str, ...]:
        """What the picture of a graph is made of, in each output that has one, as keys for a cache."""
        content = self._content(self.silent(graph), None)
        return tuple(sha256(f"{content}/{index}".encode()).hexdigest() for index in self.pictured)

    def silent(self, graph: MediaGraph) -> MediaGraph:
        """The graph with its pictures only."""
        return replace(graph, sound=None, outputs=tuple(graph.outputs[index] for index in self.pictured))

    def blind(self, graph: MediaGraph) -> MediaGraph:
        """The graph with its sound only."""
        outputs = tuple(output for output in graph.outputs if output.coded[1] is not None)
        return replace(graph, picture=None, outputs=outputs)

    @cached_property
    def sound_keys(self) -> tuple[str, ...]:
        """What the sound of the whole film is made of, in each output that has a picture."""
        content = self._content(self.blind(self.whole), self.komposition.mix.model_dump(mode="json"))
        return tuple(sha256(f"{content}/{index}".encode()).hexdigest() for index in self.pictured)

    def _content(self, graph: MediaGraph, more: object) -> str:
        """A digest of FFmpeg's arguments with every file replaced by its content, and of what else counts."""
        names = {str(media.path.absolute()): media.info.sha256 for media in self.media.values()}
        # The outermost first: what lies deeper keeps its own name.
        folders = sorted({str(path.parent) for path in graph.files} | {str(graph.folder)}, key=len)
        arguments = [_nameless(names.get(argument, argument), folders) for argument in self.arguments(graph)]
        files = [(path.name, sha256(path.read_bytes()).hexdigest()) for path in sorted(graph.files)]
        told = [_SCHEME, self.ffmpeg.version, arguments, files, more]
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@contextmanager
def open_film(komposition: Komposition, media: Mapping[str, SourceMedia], ffmpeg: Ffmpeg) -> Iterator[Film]:
    """A film with a scratch folder that is gone at the end."""
    with TemporaryDirectory(prefix="kompo-film-") as folder:
        yield Film(komposition, media, Path(folder), ffmpeg)


def muxer_of(output: Output) -> str:
    """FFmpeg's name of the output's container."""
    return _FORMATS.get(output.container, output.container)


def count_inputs(arguments: Sequence[str]) -> int:
    """How many files FFmpeg is told to open."""
    return sum(argument == "-i" for argument in arguments)


def _nameless(argument: str, folders: Sequence[str]) -> str:
    for folder in folders:
        argument = argument.replace(folder, "scratch")
    return argument
