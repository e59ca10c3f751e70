"""What the effects on sound are built from: 48 kHz stereo float in, the same number of samples out, nothing late."""

from shared.media.effects.kind import SAMPLE_RATE, Stream


def finish(stream: Stream) -> Stream:
    """The stream as every effect hands it on: 48 kHz, stereo, planar float."""
    return stream.filter("aformat", sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts="stereo")


def cut_to(stream: Stream, samples: int, late: int = 0) -> Stream:
    """Exactly `samples` samples without the first `late`, by which a filter delays; silence fills what is missing."""
    padded = finish(stream).filter("apad", whole_len=samples + late)
    cut = padded.filter("atrim", start_sample=late, end_sample=samples + late)
    return cut.filter("asetpts", "N/SR/TB")


def amplitude(decibels: float) -> float:
    """The factor on amplitude that is `decibels`."""
    return float(10 ** (decibels / 20))


def mixed(wet: Stream, dry: Stream, share: float) -> Stream:
    """`wet` and `dry` together, `share` (0–1) of it wet."""
    import ffmpeg

    weights = f"{share:.6f} {1 - share:.6f}"
    return ffmpeg.filter([wet, dry], "amix", inputs=2, weights=weights, normalize=0, duration="longest")
