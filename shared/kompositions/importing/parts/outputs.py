"""Outputs: size, rate, codecs and container from wherever a document says them."""

import re
from collections.abc import Mapping
from typing import Any, get_args

from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.media.containers import CODECS, Preset

_SIZE = re.compile(r"\s*(\d{1,5})\s*[xX×*:]\s*(\d{1,5})\s*")
_NAMED_SIZES = {
    **{"480p": (854, 480), "720p": (1280, 720), "hd": (1280, 720), "1080p": (1920, 1080), "fullhd": (1920, 1080)},
    **{"full hd": (1920, 1080), "1440p": (2560, 1440), "2160p": (3840, 2160), "4k": (3840, 2160), "uhd": (3840, 2160)},
}
_VIDEO_CODECS = {
    **dict.fromkeys(("libx264", "h264", "h.264", "avc", "x264", "h264_nvenc"), "h264"),
    **dict.fromkeys(("libx265", "h265", "h.265", "hevc", "x265", "hevc_nvenc"), "h265"),
    **dict.fromkeys(("libvpx-vp9", "vp9"), "vp9"),
    **dict.fromkeys(("libaom-av1", "libsvtav1", "av1"), "av1"),
    "gif": "gif",
}
_AUDIO_CODECS = {
    **dict.fromkeys(("aac", "libfdk_aac"), "aac"),
    **dict.fromkeys(("mp3", "libmp3lame"), "mp3"),
    **dict.fromkeys(("opus", "libopus"), "opus"),
    "flac": "flac",
    **dict.fromkeys(("pcm", "pcm_s16le", "pcm_s24le", "wav"), "pcm"),
}
_CONTAINERS = {name: name for name in CODECS} | {"matroska": "mkv", "quicktime": "mov"}
_PRESETS = {name: name for name in get_args(Preset)}

_WORDS: tuple[tuple[str, Names, Mapping[str, str], str], ...] = (
    ("container", ("container", "extension", "extensionType", "format"), _CONTAINERS, "unknown_container"),
    ("videoCodec", ("videoCodec", "video_codec", "vcodec", "codec"), _VIDEO_CODECS, "unknown_codec"),
    ("audioCodec", ("audioCodec", "audio_codec", "acodec"), _AUDIO_CODECS, "unknown_codec"),
    ("preset", ("preset",), _PRESETS, "unknown_preset"),
)
_NUMBERS: tuple[tuple[str, Names], ...] = (
    ("width", ("width",)),
    ("height", ("height",)),
    ("fps", ("fps", "framerate", "frameRate", "frame_rate")),
    ("crf", ("crf",)),
)


class OutputReader:
    """Gathers one output; what was said first counts, and what differs later is told and kept."""

    def __init__(self, root_at: Pointer) -> None:
        self.root_at = root_at
        self.output: dict[str, Any] = {}
        self.places: dict[str, Pointer] = {}

    def read(self, fields: Fields | None) -> None:
        """All that an object says about the output."""
        if fields is None:
            return
        self._size(fields, ("resolution", "size", "output_resolution", "outputResolution"))
        for field, names in _NUMBERS:
            self._number(fields, field, names)
        for field, names, words, code in _WORDS:
            self._word(fields, field, names, words, code)
        self._bitrate(fields)

    def read_size(self, fields: Fields | None) -> None:
        """Only the size, from an object that is about something else."""
        if fields is not None:
            self._size(fields, ("resolution", "output_resolution"))

    def _put(self, fields: Fields, key: str, values: Mapping[str, Any]) -> None:
        known = {name: self.output[name] for name in values if name in self.output}
        if any(known[name] != values[name] for name in known):
            said, counts = " x ".join(map(str, values.values())), " x ".join(map(str, known.values()))
            detail = f"{key} says {said} here and {counts} elsewhere, which counts."
            fields.notes.warn(fields.pointer(key), "output_conflict", detail, "Correct one of the two.")
            return
        fields.mark(key)
        self.output |= values
        for name in values:
            self.places.setdefault(name, fields.pointer(key)[len(self.root_at) :])

    def _number(self, fields: Fields, field: str, names: Names) -> None:
        key = fields.key(names)
        number = fields.number(names) if key is not None else None
        if key is None or number is None:
            return
        fields.leave(key)
        if field == "fps" and number >= 1000:
            detail = f"{key} is {number:g}: it is taken to count frames in 1000 seconds."
            fields.notes.warn(fields.pointer(key), "rate_scaled", detail, f"Write {number / 1000:g}.")
            number = number / 1000
        if field != "fps" and isinstance(number, float) and number.is_integer():
            number = int(number)
        self._put(fields, key, {field: number})

    def _word(self, fields: Fields, field: str, names: Names, words: Mapping[str, str], code: str) -> None:
        key = fields.key(names)
        if key is None:
            return
        given = fields.value[key]
        word = words.get(given.strip().casefold().lstrip(".")) if isinstance(given, str) else None
        if word is not None:
            self._put(fields, key, {field: word})
        elif given == "":
            fields.mark(key)
        else:
            known = ", ".join(dict.fromkeys(words.values()))
            detail = f"{given!r} is not a {field} that Kompo makes. The usual one is taken."[:200]
            fields.notes.warn(fields.pointer(key), code, detail, f"Use one of {known}.")

    def _size(self, fields: Fields, names: Names) -> None:
        key = fields.key(names)
        if key is None:
            return
        given = fields.value[key]
        size: tuple[int, int] | None = None
        if isinstance(given, str):
            match = _SIZE.fullmatch(given)
            named = _NAMED_SIZES.get(given.strip().casefold())
            size = (int(match[1]), int(match[2])) if match else named
        elif isinstance(given, list) and len(given) == 2 and all(type(part) is int for part in given):
            size = (given[0], given[1])
        elif isinstance(given, dict):
            inner = fields.child((key,))
            if inner is not None:
                self._number(inner, "width", ("width",))
                self._number(inner, "height", ("height",))
            return
        if size is None:
            detail = f"{key} is no size. The usual one is taken."
            fields.notes.warn(fields.pointer(key), "unknown_size", detail, 'Write it as "1920x1080".')
        else:
            self._put(fields, key, {"width": size[0], "height": size[1]})

    def _bitrate(self, fields: Fields) -> None:
        key = fields.key(("audioBitrate", "audio_bitrate"))
        given = fields.value[key] if key else None
        if (
            key
            and isinstance(given, str)
            and given.casefold().rstrip("k").isascii()
            and given.casefold().rstrip("k").isdigit()
        ):
            self._put(fields, key, {"audioBitrate": int(given.casefold().rstrip("k")[:9])})
        elif key and type(given) is int:
            self._put(fields, key, {"audioBitrate": given // 1000 if given > 4000 else given})
