"""HLS (RFC 8216, version 7): the playlists of a package."""

from collections.abc import Iterator
from fractions import Fraction

from shared.media.transcoding.packaging.tracks import Track

MASTER = "master.m3u8"
_SOUND = "sound"
_RANGES = {"smpte2084": "PQ", "arib-std-b67": "HLG"}


def master_playlist(pictures: list[Track], sound: Track | None, rate: Fraction, transfer: str | None) -> str:
    """Which renditions there are. `transfer`: HLG's or PQ's curve, where the pictures are of high dynamic range."""
    return _lines(_master(pictures, sound, rate, transfer))


def media_playlist(track: Track) -> str:
    """Where the segments of a track lie in its file."""
    return _lines(_media(track))


def _master(pictures: list[Track], sound: Track | None, rate: Fraction, transfer: str | None) -> Iterator[str]:
    yield from ("#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS")
    if sound is not None:
        yield f"#EXT-X-MEDIA:{_attributes(_audio(sound))}"
    for track in pictures:
        yield f"#EXT-X-STREAM-INF:{_attributes(_variant(track, sound, rate, transfer))}"
        yield f"{track.name}.m3u8"


def _audio(track: Track) -> dict[str, str]:
    return {
        "TYPE": "AUDIO",
        "GROUP-ID": f'"{_SOUND}"',
        "NAME": '"Sound"',
        "DEFAULT": "YES",
        "AUTOSELECT": "YES",
        "CHANNELS": '"2"',
        "URI": f'"{track.name}.m3u8"',
    }


def _variant(track: Track, sound: Track | None, rate: Fraction, transfer: str | None) -> dict[str, str]:
    rendition = track.rendition
    assert rendition is not None, "a variant has a picture"
    both = [track, *([sound] if sound is not None else [])]
    return {
        "BANDWIDTH": str(sum(each.peak for each in both)),
        "AVERAGE-BANDWIDTH": str(sum(each.average for each in both)),
        "CODECS": f'"{",".join(each.codecs for each in both)}"',
        "RESOLUTION": f"{rendition.width}x{rendition.height}",
        "FRAME-RATE": f"{float(rate):.3f}",
        "VIDEO-RANGE": _RANGES[transfer] if transfer else "SDR",
        **({"AUDIO": f'"{_SOUND}"'} if sound is not None else {}),
    }


def _media(track: Track) -> Iterator[str]:
    yield from ("#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{track.longest}", "#EXT-X-PLAYLIST-TYPE:VOD")
    yield "#EXT-X-INDEPENDENT-SEGMENTS"
    yield f'#EXT-X-MAP:URI="{track.path.name}",BYTERANGE="{track.header}@0"'
    for segment in track.segments:
        yield f"#EXTINF:{float(segment.seconds):.6f},"
        yield f"#EXT-X-BYTERANGE:{segment.size}@{segment.offset}"
        yield track.path.name
    yield "#EXT-X-ENDLIST"


def _attributes(values: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in values.items())


def _lines(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
