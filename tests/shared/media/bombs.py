"""Small files that promise very large things: pictures, sounds, tables and films that no machine could hold."""

import zlib
from collections.abc import Callable
from pathlib import Path
from struct import pack

from tests.shared.media.clips import make

SIDE = 100_000


def png(width: int, height: int, *, rows: bytes | None = None) -> bytes:
    """A PNG of that size; its data are zeros, compressed a thousandfold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    data = zlib.compress(bytes(1000)) if rows is None else rows
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zip_bomb_png(side: int) -> bytes:
    """A whole PNG of side x side RGBA pixels in about a 1000th of their bytes."""
    packer = zlib.compressobj(9)
    row = bytes(1 + 4 * side)
    return png(side, side, rows=b"".join(packer.compress(row) for _ in range(side)) + packer.flush())


def jpeg(folder: Path) -> bytes:
    data = bytearray(
        make(folder / "small.jpg", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1").read_bytes()
    )
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = pack(">HH", 65_500, 65_500)
    return bytes(data)


def webp(folder: Path) -> bytes:
    data = bytearray(
        make(folder / "small.webp", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1").read_bytes()
    )
    place = data.index(b"VP8 ") + 14 if b"VP8 " in data else data.index(b"VP8L") + 9
    data[place : place + 4] = b"\xff\xff\xff\x3f"
    return bytes(data)


def gif() -> bytes:
    return (
        b"GIF89a"
        + pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0)
        + b"\0\0\0\xff\xff\xff"
        + (b"\x2c" + pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x44\x01\x00" + b"\x3b")
    )


def tiff() -> bytes:
    entries = [
        (256, 4, SIDE),
        (257, 4, SIDE),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (278, 4, SIDE),
        (279, 4, 9),
    ]
    table = pack("<H", len(entries)) + b"".join(pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\0" + pack("<I", 8) + table + bytes(4)


def bmp() -> bytes:
    return b"BM" + pack("<IHHI", 1 << 20, 0, 0, 54) + pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, 0, 1, 1, 0, 0)


def wav_of_4_gb() -> bytes:
    header = b"RIFF" + pack("<I", 0xFFFFFFF0) + b"WAVEfmt " + pack("<IHHIIHH", 16, 1, 2, 48_000, 192_000, 4, 16)
    return header + b"data" + pack("<I", 0xFFFFFF00) + bytes(4000)


def mp4_with(folder: Path, box: bytes, change: Callable[[bytearray, int], None]) -> bytes:
    """A real film in which one table is not what it says. `change` is given the place of the box's content."""
    arguments = ("-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=1", "-pix_fmt", "yuv420p", "-preset", "ultrafast")
    data = bytearray(make(folder / "film.mp4", *arguments, "-movflags", "+faststart").read_bytes())
    change(data, data.index(box) + 4)
    return bytes(data)


def absurd_sizes(data: bytearray, place: int) -> None:
    """stsz: two thousand million frames of 2 GB."""
    data[place + 4 : place + 12] = b"\x7f\xff\xff\xff" * 2


def absurd_times(data: bytearray, place: int) -> None:
    """stts: two thousand million frames that last 2^31 ticks each."""
    data[place + 8 : place + 16] = b"\x7f\xff\xff\xff" * 2


def absurd_chunks(data: bytearray, place: int) -> None:
    """stco: two thousand million chunks."""
    data[place + 4 : place + 8] = b"\x7f\xff\xff\xff"


def mkv_of_huge_elements() -> bytes:
    header = bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b614287810442858102")
    return (
        header + bytes.fromhex("1853806701ffffffffffffff") + bytes.fromhex("1549a96608ffffffffffff00") + b"\x2a" * 500
    )


def bombs(folder: Path) -> dict[str, bytes]:
    """All of them by name."""
    return {
        "header.png": png(SIDE, SIDE),
        "zipped.png": zip_bomb_png(5_000),
        "frame.jpg": jpeg(folder),
        "canvas.webp": webp(folder),
        "screen.gif": gif(),
        "strip.tif": tiff(),
        "rows.bmp": bmp(),
        "claim.wav": wav_of_4_gb(),
        "sizes.mp4": mp4_with(folder, b"stsz", absurd_sizes),
        "times.mp4": mp4_with(folder, b"stts", absurd_times),
        "chunks.mp4": mp4_with(folder, b"stco", absurd_chunks),
        "elements.mkv": mkv_of_huge_elements(),
    }
