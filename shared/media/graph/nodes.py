"""Nodes that begin a graph. Import it where a graph is built: it needs ffmpeg-python, which the functions do not install."""

from collections.abc import Mapping

from ffmpeg.nodes import FilterableStream, FilterNode, InputNode

from shared.media.graph.scaling import decoder
from shared.media.graph.source import SourceMedia
from shared.media.graph.streams import Stream


class _Input(InputNode):  # type: ignore[misc]
    """An input that equals only itself. ffmpeg-python takes equal nodes for one node, and then refuses to use it twice."""

    def __init__(self, filename: str, label: str, **options: object) -> None:
        self._label = label
        super().__init__("input", kwargs={"filename": filename, **options})

    def __hash__(self) -> int:
        return hash((super().__hash__(), self._label))


class _Generator(FilterNode):  # type: ignore[misc]
    """A filter that makes a stream of nothing, and equals only itself."""

    def __init__(self, name: str, label: str, **options: object) -> None:
        self._label = label
        super(FilterNode, self).__init__(
            stream_spec=None,
            name=name,
            incoming_stream_types=set(),
            outgoing_stream_type=FilterableStream,
            min_inputs=0,
            max_inputs=0,
            args=[],
            kwargs=options,
        )

    def __hash__(self) -> int:
        return hash((super().__hash__(), self._label))


def open_media(media: SourceMedia, label: str, start: str, *, exact: bool, options: Mapping[str, object]) -> Stream:
    """The file from `start` (decimal seconds) on; not `exact`: from the keyframe before. A still gives its one frame.

    `options` are for its decoders."""
    path = str(media.path.absolute())
    if media.info.is_still:
        return _Input(path, label, format=media.info.container).stream()
    seeking: dict[str, object] = {"ss": start} if float(start) > 0 else {}
    if seeking and not exact:
        seeking["noaccurate_seek"] = None
    return _Input(path, label, **seeking, **decoder(media.info.video), **options).stream()


def open_generator(description: str, label: str) -> Stream:
    """An endless generated input, such as `color=c=black`."""
    return _Input(description, label, format="lavfi").stream()


def reads_input(stream: Stream) -> bool:
    """Whether a stream begins with more than generating filters: ffmpeg-python makes no command without an input."""
    waiting, seen = [stream.node], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, InputNode):
            return True
        if hash(node) not in seen:
            seen.add(hash(node))
            waiting += [edge.upstream_node for edge in node.incoming_edges]
    return False


def generate(name: str, label: str, **options: object) -> Stream:
    """An endless stream from a generating filter, such as `color`."""
    return _Generator(name, label, **options).stream()
