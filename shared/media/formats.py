"""What FFmpeg may touch when the file comes from a user: formats, protocols, and how much of them.

FFmpeg's playlist, script and pattern demuxers (HLS, DASH, concat, image2, SDP …) open *other* files and addresses named
inside the upload. So nothing is opened but the self-contained formats below, and no protocol but local files.
"""

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2",
    "matroska,webm",
    "avi",
    "mpegts",
    "mpeg",
    "flv",
    "asf",
    "mxf",
    "ogg",
    "wav",
    "w64",
    "aiff",
    "caf",
    "mp3",
    "flac",
    "aac",
    "ac3",
    "eac3",
    "amr",
    "gif",
    "apng",
)
STILLS = ("png_pipe", "jpeg_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe")

FORMAT_WHITELIST = ",".join((*CONTAINERS, *STILLS))
PROTOCOL_WHITELIST = "file,pipe"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", 0, "png_pipe"),
    (b"\xff\xd8\xff", 0, "jpeg_pipe"),
    (b"WEBP", 8, "webp_pipe"),
    (b"BM", 0, "bmp_pipe"),
    (b"II*\x00", 0, "tiff_pipe"),
    (b"MM\x00*", 0, "tiff_pipe"),
)

MAX_SIDE = 16384
"""Pixels of a picture's longer side."""
MAX_PIXELS = MAX_SIDE * MAX_SIDE
MAX_STREAMS = 64
MAX_SECONDS = 7 * 86_400
"""A file that claims to last longer is damaged."""

HEAD_BYTES = 4096
"""How much of a file `still_format` wants to see."""


def still_format(head: bytes) -> str | None:
    """The demuxer for a still picture, told by its first bytes; None when it is not a still.

    Without it FFmpeg would choose by the file's name and take `%03d` in it for a pattern of many files."""
    if head.startswith(_MAGIC[0][0]) and b"acTL" in head:
        return "apng"
    return next((name for magic, offset, name in _MAGIC if head.startswith(magic, offset)), None)
