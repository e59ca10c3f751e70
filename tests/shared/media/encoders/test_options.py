"""The same quality is asked of every encoder in its own words."""

from fractions import Fraction
from typing import Any

import pytest

from shared.media.encoders import PictureCoding, nvenc_options, software_options


def coding(codec: str = "h264", **more: Any) -> PictureCoding:
    values: dict[str, Any] = {
        "preset": "fast",
        "crf": 23,
        "max_kbps": 4000,
        "frame_rate": Fraction(30),
        "gop_frames": 60,
    }
    return PictureCoding(codec, **{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("codec", ["h264", "h265", "av1"])
def test_a_cap_is_told_with_the_quality(codec: str) -> None:
    for options in (software_options(coding(codec), 100), nvenc_options(coding(codec), 100, on_gpu=False)):
        assert (options["maxrate"], options["bufsize"]) == ("4000k", "8000k")
        assert options["frames:v"] == 100
        assert options["g"] == 60
    assert software_options(coding(codec), 100)["crf"] == {"h264": 23, "h265": 27, "av1": 37}[codec]
    assert nvenc_options(coding(codec), 100, on_gpu=False)["cq"] == {"h264": 23, "h265": 27, "av1": 37}[codec]


def test_the_cap_of_vp9_is_its_rate() -> None:
    assert software_options(coding("vp9"), 1)["b:v"] == "4000k"
    assert software_options(coding("vp9", max_kbps=None), 1)["b:v"] == 0


def test_groups_of_a_ladder_are_fixed_on_either() -> None:
    fixed = coding(fixed_gops=True)
    software = software_options(fixed, 1)
    assert (software["g"], software["keyint_min"], software["sc_threshold"]) == (60, 60, 0)
    assert "scenecut=0:min-keyint=60" in str(software_options(coding("h265", fixed_gops=True), 1)["x265-params"])
    hardware = nvenc_options(fixed, 1, on_gpu=True)
    assert (hardware["no-scenecut"], hardware["strict_gop"], hardware["forced-idr"]) == (1, 1, 1)


def test_nvenc_takes_frames_where_they_are() -> None:
    assert "pix_fmt" not in nvenc_options(coding(), 1, on_gpu=True)
    assert nvenc_options(coding(), 1, on_gpu=False)["pix_fmt"] == "yuv420p"
    assert nvenc_options(coding("h265", transfer="smpte2084"), 1, on_gpu=False)["pix_fmt"] == "p010le"


@pytest.mark.parametrize(
    ("preset", "speed"), [("ultrafast", "p1"), ("veryfast", "p3"), ("medium", "p5"), ("slow", "p6")]
)
def test_presets_are_nvencs_speeds(preset: str, speed: str) -> None:
    assert nvenc_options(coding(preset=preset), 1, on_gpu=True)["preset"] == speed


def test_high_dynamic_range_is_told_on_either() -> None:
    kept = coding("h265", transfer="arib-std-b67")
    for options in (software_options(kept, 1), nvenc_options(kept, 1, on_gpu=True)):
        assert (options["color_trc"], options["colorspace"], options["color_primaries"]) == (
            "arib-std-b67",
            "bt2020nc",
            "bt2020",
        )
    assert nvenc_options(kept, 1, on_gpu=True)["profile:v"] == "main10"


def test_threads_are_kept_to() -> None:
    assert software_options(coding(), 1, threads=1)["threads"] == 1
    assert "pools=2" in str(software_options(coding("h265"), 1, threads=2)["x265-params"])
