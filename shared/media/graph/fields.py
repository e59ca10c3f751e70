"""Fields: interlaced video shows two moments in the lines of one frame; as whole frames no combs are seen where it moves."""

from shared.media.graph.streams import Stream
from shared.media.info import StreamInfo

DEINTERLACE = {"mode": "send_frame", "parity": "auto", "deint": "interlaced"}
"""One frame for each; a frame that is marked as whole stays as it is. It looks at the frames before and after."""


def whole_frames(stream: Stream, info: StreamInfo) -> Stream:
    """The frames of a source as they are read, each of one moment."""
    return stream.filter("bwdif", **DEINTERLACE) if info.interlaced else stream
