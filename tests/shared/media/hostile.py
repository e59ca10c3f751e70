"""Files made to do harm: small real ones of many kinds, and what a fuzzer does to them."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.shared.media.clips import make

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=0.6")
SOUND = ("-f", "lavfi", "-i", "sine=r=8000:d=0.6")
KINDS: dict[str, tuple[str, ...]] = {
    "mp4": (*PICTURE, *SOUND, "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-movflags", "+faststart"),
    "mov": (*PICTURE, *SOUND, "-c:v", "prores_ks", "-c:a", "pcm_s16le"),
    "mkv": (
        *PICTURE,
        *SOUND,
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=0",
    ),
    "webm": (*PICTURE, *SOUND, "-pix_fmt", "yuv420p", "-c:v", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime"),
    "ts": (*PICTURE, *SOUND, "-pix_fmt", "yuv420p", "-preset", "ultrafast"),
    "avi": (*PICTURE, *SOUND, "-pix_fmt", "yuv420p", "-c:v", "mpeg4"),
    "flv": (*PICTURE, *SOUND, "-c:v", "flv1", "-ar", "44100"),
    "mxf": (*PICTURE, "-pix_fmt", "yuv420p", "-r", "25", "-c:v", "mpeg2video"),
    "ogg": (*SOUND, "-c:a", "libvorbis", "-ac", "2"),
    "wav": SOUND,
    "mp3": SOUND,
    "flac": SOUND,
    "aac": SOUND,
    "png": (*PICTURE, "-frames:v", "1"),
    "jpg": (*PICTURE, "-frames:v", "1", "-pix_fmt", "yuvj420p"),
    "gif": PICTURE,
    "webp": (*PICTURE, "-frames:v", "1"),
    "tif": (*PICTURE, "-frames:v", "1"),
    "bmp": (*PICTURE, "-frames:v", "1"),
}


def samples(folder: Path) -> dict[str, bytes]:
    """A small file of every kind."""
    return {suffix: make(folder / f"sample.{suffix}", *arguments).read_bytes() for suffix, arguments in KINDS.items()}


def mutations(content: bytes, seed: int) -> Iterator[bytes]:
    """Endless ways in which a file can be wrong, the same for the same seed."""
    random = Random(seed)
    while True:
        data = bytearray(content)
        for _ in range(random.choice((1, 1, 2, 8))):
            random.choice((_flip, _flip_head, _extreme, _cut, _repeat, _blank, _remove))(data, random)
        yield bytes(data)


def _flip(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 4, 32))):
        if data:
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _flip_head(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 4))):
        if data:
            data[random.randrange(min(len(data), 600))] = random.randrange(256)


def _extreme(data: bytearray, random: Random) -> None:
    """A number becomes the largest, the smallest or nothing: sizes and counts."""
    place = random.randrange(max(1, min(len(data), random.choice((600, len(data) or 1)))))
    width = random.choice((2, 4, 8))
    data[place : place + width] = random.choice((b"\xff", b"\0", b"\x7f", b"\x80")) * width


def _cut(data: bytearray, random: Random) -> None:
    del data[random.randrange(len(data) + 1) :]


def _repeat(data: bytearray, random: Random) -> None:
    start, length = random.randrange(len(data) + 1), random.randrange(1, 5000)
    data[start:start] = data[start : start + length] * random.choice((1, 2, 20))


def _blank(data: bytearray, random: Random) -> None:
    start, length = random.randrange(len(data) + 1), random.randrange(1, 400)
    data[start : start + length] = bytes(len(data[start : start + length]))


def _remove(data: bytearray, random: Random) -> None:
    start, length = random.randrange(len(data) + 1), random.randrange(1, 400)
    del data[start : start + length]


def playlists(target: str) -> dict[str, bytes]:
    """Texts that name another file or address, in all the ways that FFmpeg or a browser would follow."""
    texts = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
        "hls of bytes": f"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-MAP:URI=\"{target}\"\n#EXT-X-KEY:METHOD=AES-128,URI=\"{target}\"\n"
        f"#EXTINF:1,\n#EXT-X-BYTERANGE:100@0\ndata:video/mp2t;base64,R0BAAA==\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
        "ffconcat": f"ffconcat version 1.0\nfile '{target}'\n",
        "concat script": f"file '{target}'\nfile '{target}'\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S">'
        f'<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>{target}</BaseURL>'
        "</Representation></AdaptationSet></Period></MPD>",
        "pls": f"[playlist]\nFile1={target}\nNumberOfEntries=1\n",
        "asx": f'<asx version="3.0"><entry><ref href="{target}"/></entry></asx>',
        "smil": f'<smil><body><video src="{target}"/></body></smil>',
        "m3u": f"{target}\n",
        "html": f'<!doctype html><video src="{target}"></video><img src="{target}">',
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{target}" width="9" height="9"/></svg>',
        "edit list": f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM '{target}'>]><x>&e;</x>",
        "subtitle index": f"# VobSub index file, v7 (do not modify this line!)\nid: en, index: 0\n# {target}\n",
        "picture pattern": f"P6 {target} %03d\n",
    }  # fmt: skip
    return {name: text.encode() for name, text in texts.items()}
