"""Key frames of a source: the moments at which decoding can begin, found without decoding."""

from fractions import Fraction
from pathlib import Path

from shared.media.packets import open_packets, packets_of, picture_of


def key_moments(path: Path) -> tuple[Fraction, ...]:
    """When the key frames of the first picture of `path` are shown, in seconds after its first frame, rising.

    Every packet is read, none decoded: as fast as the disk. Raises `UnreadableMedia`."""
    with open_packets(path) as container:
        stream = picture_of(container)
        stamps = [(packet.pts, packet.is_keyframe) for packet in packets_of(container, stream)]
        timed = [(stamp, key) for stamp, key in stamps if stamp is not None]
        if not timed or stream.time_base is None:
            return ()
        begin = min(stamp for stamp, _ in timed)
        return tuple(sorted((stamp - begin) * stream.time_base for stamp, key in timed if key))
