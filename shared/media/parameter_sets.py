"""Parameter sets of H.264: what a decoder must know before the first picture, put in front of a key frame.

A film usually states them once for all of it. Where pieces of several encodings are joined, each key frame carries its own."""

from typing import TYPE_CHECKING, Any

from shared.media.packets import CodedPicture, decoding_can_begin, length_bytes, nal_kind, nal_units

if TYPE_CHECKING:
    from av import Packet

_SPS, _PPS, _DELIMITER = 7, 8, 9


def parameter_sets(extradata: bytes) -> list[bytes]:
    """The sequence and picture parameter sets in an MP4's avcC box, or in Annex B."""
    if length_bytes(extradata, "h264") == 0:
        return [unit for unit in nal_units(extradata, 0) if nal_kind(unit, "h264") in (_SPS, _PPS)]
    sets: list[bytes] = []
    position = 5
    for mask in (0x1F, 0xFF):
        count = extradata[position] & mask
        position += 1
        for _ in range(count):
            size = int.from_bytes(extradata[position : position + 2], "big")
            sets.append(extradata[position + 2 : position + 2 + size])
            position += 2 + size
    return sets


def with_parameter_sets(packet: "Packet[Any]", picture: CodedPicture) -> "Packet[Any]":
    """The packet in the form of MP4 (units after four bytes of length); a key frame with the parameter sets of its picture."""
    import av

    units = [
        unit
        for unit in nal_units(bytes(packet), length_bytes(picture.extradata, "h264"))
        if nal_kind(unit, "h264") != _DELIMITER
    ]
    begins = decoding_can_begin(packet, "h264", picture.extradata)
    if begins and _SPS not in {nal_kind(unit, "h264") for unit in units}:
        units = [*parameter_sets(picture.extradata), *units]
    made = av.Packet(b"".join(len(unit).to_bytes(4, "big") + unit for unit in units))
    made.is_keyframe = packet.is_keyframe
    return made
