"""DASH (ISO/IEC 23009-1), on-demand profile: the manifest of a package."""

from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from shared.media.graph.streams import ratio
from shared.media.transcoding.packaging.tracks import Track

MANIFEST = "manifest.mpd"
_PROFILE = "urn:mpeg:dash:profile:isoff-on-demand:2011"
_LAYOUT = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
_COLORS = "urn:mpeg:mpegB:cicp:TransferCharacteristics"
_TRANSFERS = {"smpte2084": "16", "arib-std-b67": "18"}


def manifest(pictures: list[Track], sound: Track | None, rate: Fraction, transfer: str | None) -> str:
    """The MPD. `transfer`: HLG's or PQ's curve, where the pictures are of high dynamic range."""
    root = Element(
        "MPD",
        xmlns="urn:mpeg:dash:schema:mpd:2011",
        profiles=_PROFILE,
        type="static",
        mediaPresentationDuration=_duration(pictures[0].seconds),
        minBufferTime=f"PT{pictures[0].longest}S",
    )
    period = SubElement(root, "Period", id="0", start="PT0S")
    _pictures(period, pictures, rate, transfer)
    if sound is not None:
        _sound(period, sound)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _pictures(period: Element, tracks: list[Track], rate: Fraction, transfer: str | None) -> None:
    sizes = [track.rendition.size for track in tracks if track.rendition is not None]
    group = _group(period, "video", "video/mp4")
    group.set("maxWidth", str(max(size[0] for size in sizes)))
    group.set("maxHeight", str(max(size[1] for size in sizes)))
    group.set("frameRate", ratio(rate) if rate.denominator > 1 else str(rate.numerator))
    if transfer is not None:
        SubElement(group, "EssentialProperty", schemeIdUri=_COLORS, value=_TRANSFERS[transfer])
    for track, (width, height) in zip(tracks, sizes, strict=True):
        _representation(group, track, width=str(width), height=str(height), sar="1:1")


def _sound(period: Element, track: Track) -> None:
    group = _group(period, "audio", "audio/mp4")
    told = _representation(group, track, audioSamplingRate="48000")
    told.insert(0, Element("AudioChannelConfiguration", schemeIdUri=_LAYOUT, value="2"))


def _group(period: Element, content: str, mime: str) -> Element:
    return SubElement(
        period,
        "AdaptationSet",
        contentType=content,
        mimeType=mime,
        subsegmentAlignment="true",
        subsegmentStartsWithSAP="1",
    )


def _representation(group: Element, track: Track, **more: str) -> Element:
    told = SubElement(group, "Representation", id=track.name, bandwidth=str(track.peak), codecs=track.codecs)
    for name, value in more.items():
        told.set(name, value)
    SubElement(told, "BaseURL").text = track.path.name
    begin, end = track.index
    base = SubElement(told, "SegmentBase", indexRange=f"{begin}-{end - 1}")
    SubElement(base, "Initialization", range=f"0-{track.header - 1}")
    return told


def _duration(seconds: Fraction) -> str:
    return f"PT{float(seconds):.6f}".rstrip("0").rstrip(".") + "S"
