"""Codec strings (RFC 6381): what a player asks its browser or its device whether it can decode."""


def codec_string(name: str, configuration: bytes) -> str:
    """Of a picture, from the box that configures its decoder: avcC, hvcC, av1C or vpcC."""
    return _STRINGS[name](configuration)


def _avc(box: bytes) -> str:
    return f"avc1.{box[1:4].hex()}"


def _hevc(box: bytes) -> str:
    """ISO/IEC 14496-15, annex E."""
    space = ("", "A", "B", "C")[box[1] >> 6]
    tier = "H" if box[1] & 0x20 else "L"
    compatible = int(f"{int.from_bytes(box[2:6], 'big'):032b}"[::-1], 2)
    constraints = [f"{byte:X}" for byte in box[6:12].rstrip(b"\0")]
    return ".".join([f"hvc1.{space}{box[1] & 0x1F}", f"{compatible:X}", f"{tier}{box[12]}", *constraints])


def _av1(box: bytes) -> str:
    """AV1 in ISO base media, section 5."""
    profile, level = box[1] >> 5, box[1] & 0x1F
    tier = "H" if box[2] & 0x80 else "M"
    depth = (12 if box[2] & 0x20 else 10) if box[2] & 0x40 else 8
    return f"av01.{profile}.{level:02}{tier}.{depth:02}"


def _vp9(box: bytes) -> str:
    """VP codecs in ISO base media: a full box, so its content begins after four bytes."""
    profile, level, packed, primaries, transfer, matrix = box[4:10]
    return (
        f"vp09.{profile:02}.{level:02}.{packed >> 4:02}.{packed >> 1 & 7:02}"
        f".{primaries:02}.{transfer:02}.{matrix:02}.{packed & 1:02}"
    )


_STRINGS = {"avcC": _avc, "hvcC": _hevc, "av1C": _av1, "vpcC": _vp9}
