"""A plan says everything that will be made, and refuses what cannot be, before anything runs."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media import probe
from shared.media.transcoding import (
    InvalidTranscode,
    TranscodePlan,
    TranscodeRequest,
    plan_transcode,
    read_request,
    wanted_sidecars,
)
from tests.shared.media.clips import make
from tests.shared.media.transcoding.conftest import media

PROFILES = {
    "social": (1080, 1920, 4000, "fast", 23, 30),
    "professional": (1920, 1080, 8000, "slow", 18, 60),
    "preview": (640, 360, 800, "ultrafast", 28, 24),
    "tiktok": (1080, 1920, 4000, "fast", 23, 30),
    "instagram": (1080, 1920, 4000, "fast", 23, 30),
    "youtube_shorts": (1080, 1920, 4000, "fast", 23, 30),
    "linkedin": (1920, 1080, 5000, "fast", 22, 30),
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_what_was_promised(name: str) -> None:
    plan = plan_transcode(media(), TranscodeRequest.model_validate({"profile": name}))
    [made] = plan.renditions
    assert (made.width, made.height, made.max_kbps, made.preset, made.crf, plan.frame_rate) == PROFILES[name]
    assert (plan.package, plan.container, made.codec) == ("file", "mp4", "h264")
    assert plan.frames == 10 * plan.frame_rate
    assert wanted_sidecars(plan) == ()


@pytest.mark.parametrize(("source", "rate"), [("24", 30), ("30", 30), ("60000/1001", 60), ("50", 60)])
def test_tiktok_has_sixty_frames_only_of_a_source_that_has_more_than_thirty(source: str, rate: int) -> None:
    assert plan_transcode(media(rate=source), TranscodeRequest(profile="tiktok")).frame_rate == rate


@pytest.mark.parametrize(("name", "most"), [("tiktok", 60), ("youtube_shorts", 60), ("instagram", 90)])
def test_what_is_too_long_for_a_platform_is_refused_unless_it_may_be_cut(name: str, most: int) -> None:
    long = media(seconds=most + 1)
    with pytest.raises(InvalidTranscode, match=f"{name} takes {most} s at most") as caught:
        plan_transcode(long, read_request({"profile": name}))
    [error] = caught.value.errors
    assert (error.pointer, error.code) == ("/params/profile", "source_too_long")
    assert plan_transcode(long, read_request({"profile": name, "trim": True})).seconds == most
    assert plan_transcode(media(seconds=most), read_request({"profile": name})).seconds == most


def test_what_is_asked_for_goes_before_the_profile() -> None:
    asked = {"width": 720, "fps": 25, "codec": "vp9", "crf": 30, "bitrate": 900, "preset": "slow", "container": "webm"}
    plan = plan_transcode(media(), read_request({"profile": "social", **asked}))
    [made] = plan.renditions
    assert (made.width, made.height, plan.frame_rate, made.codec) == (720, 1920, 25, "vp9")
    assert (made.crf, made.max_kbps, made.preset, plan.container) == (30, 900, "slow", "webm")
    assert plan.sound is not None
    assert plan.sound.codec == "opus"
    assert plan_transcode(
        media(rate="24000/1001"), read_request({"profile": "social", "fps": "source"})
    ).frame_rate == (Fraction(24000, 1001))


def test_without_a_profile_it_is_the_film_that_it_was() -> None:
    plan = plan_transcode(media((641, 361), "24000/1001"), TranscodeRequest())
    [made] = plan.renditions
    assert (made.size, made.max_kbps, plan.frame_rate) == ((640, 360), None, Fraction(24000, 1001))


@pytest.mark.parametrize(
    ("said", "meant"),
    [(23.976, (24000, 1001)), (29.97, (30000, 1001)), (59.94, (60000, 1001)), (30, (30, 1)), (12.5, (25, 2))],
)
def test_rates_are_meant_as_people_write_them(said: float, meant: tuple[int, int]) -> None:
    assert plan_transcode(media(), TranscodeRequest(fps=said)).frame_rate == Fraction(*meant)


RUNGS = {
    (1920, 1080): ["234p", "360p", "432p", "540p", "720p", "1080p"],
    (1080, 1920): ["234p", "360p", "432p", "540p", "720p", "1080p"],
    (3840, 2160): ["234p", "360p", "432p", "540p", "720p", "1080p", "1440p", "2160p"],
    (7680, 4320): ["234p", "360p", "432p", "540p", "720p", "1080p", "1440p", "2160p"],
    (1280, 720): ["234p", "360p", "432p", "540p", "720p"],
    (854, 480): ["234p", "360p", "480p"],
    (1600, 900): ["234p", "360p", "432p", "540p", "720p", "900p"],
    (1920, 804): ["234p", "360p", "432p", "540p", "720p", "1080p"],
    (160, 90): ["90p"],
}


@pytest.mark.parametrize("size", RUNGS)
def test_a_ladder_goes_up_to_the_source_and_no_further(size: tuple[int, int]) -> None:
    plan = plan_transcode(media(size), TranscodeRequest(profile="ladder"))
    assert [each.name for each in plan.renditions] == RUNGS[size]
    assert all(each.width <= size[0] and each.height <= size[1] for each in plan.renditions)
    assert plan.package == "cmaf"


def test_the_bits_of_a_ladder_are_those_of_the_figures() -> None:
    def caps(rate: str, **more: Any) -> list[int | None]:
        request = TranscodeRequest.model_validate({"profile": "ladder", **more})
        return [each.max_kbps for each in plan_transcode(media(rate=rate), request).renditions]

    assert caps("30") == [145, 365, 730, 2000, 3000, 6000]
    assert caps("60") == [145, 365, 1100, 2000, 4500, 7800]
    assert all(one < other for one, other in zip(caps("30", codec="h265"), caps("30"), strict=True))  # type: ignore[operator]


@given(
    width=st.integers(16, 8000),
    height=st.integers(16, 8000),
    rate=st.sampled_from(["1", "10", "24000/1001", "25", "30", "60000/1001", "100", "240"]),
)
def test_of_any_source_the_ladder_rises_keeps_the_shape_and_never_grows(width: int, height: int, rate: str) -> None:
    plan = plan_transcode(media((width, height), rate), TranscodeRequest(profile="ladder"))
    rungs = plan.renditions
    assert len({each.name for each in rungs}) == len(rungs)
    for smaller, larger in pairwise(rungs):
        assert smaller.width * smaller.height < larger.width * larger.height
        assert (smaller.max_kbps or 0) <= (larger.max_kbps or 0)
    for each in rungs:
        assert each.width <= max(width, 2)
        assert each.height <= max(height, 2)
        assert each.width % 2 == each.height % 2 == 0
        assert abs(each.width * height - each.height * width) <= 2 * max(width, height), "within a pixel of its shape"
    assert plan.frame_rate <= 60
    assert Fraction(1) <= plan.gop_frames / plan.frame_rate <= 3 or plan.gop_frames == 1


def test_groups_are_of_two_seconds_and_segments_of_six() -> None:
    for rate in ("24000/1001", "25", "30000/1001", "60"):
        plan = plan_transcode(media(rate=rate), TranscodeRequest(profile="ladder"))
        assert float(plan.gop_frames / plan.frame_rate) == pytest.approx(2, abs=0.01)
        assert float(plan.segment_frames / plan.frame_rate) == pytest.approx(6, abs=0.02)


def test_high_dynamic_range_is_mapped_unless_it_is_to_stay() -> None:
    source = media(color_transfer="smpte2084")
    mapped = plan_transcode(source, TranscodeRequest())
    assert (mapped.tone_map, mapped.hdr) == (True, False)
    kept = plan_transcode(source, TranscodeRequest(dynamic_range="keep", codec="h265"))
    assert (kept.tone_map, kept.hdr) == (False, True)
    standard = plan_transcode(media(), TranscodeRequest(dynamic_range="keep"))
    assert (standard.tone_map, standard.hdr) == (False, False)


@pytest.mark.parametrize(
    ("params", "pointer", "code"),
    [
        ({"profile": "ladder", "width": 640}, "/params/width", "not_of_a_ladder"),
        ({"profile": "ladder", "container": "mkv"}, "/params/container", "not_of_a_ladder"),
        ({"codec": "vp9", "container": "mov"}, "/params/codec", "codec_not_held"),
        ({"dynamicRange": "keep"}, "/params/codec", "codec_without_hdr"),
        ({"profile": "vimeo"}, "/params/profile", "literal_error"),
        ({"crf": 60}, "/params/crf", "less_than_equal"),
        ({"quality": 3}, "/params/quality", "unknown_parameter"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(params: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(InvalidTranscode) as caught:
        plan_transcode(media(color_transfer="smpte2084"), read_request(params))
    assert (pointer, code) in {(error.pointer, error.code) for error in caught.value.errors}


@pytest.mark.parametrize(("codec", "size"), [("h265", (1920, 14)), ("av1", (2, 1080))])
@pytest.mark.parametrize("profile", [None, "ladder"])
def test_what_a_codec_cannot_make_so_small_is_refused_before_it_runs(
    codec: str, size: tuple[int, int], profile: str | None
) -> None:
    with pytest.raises(InvalidTranscode) as caught:
        plan_transcode(media(size), read_request({"codec": codec, "profile": profile}))
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/params/codec", "too_small")]


def test_only_what_moves_can_be_transcoded(tmp_path: Path) -> None:
    still = make(tmp_path / "still.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    tone = make(tmp_path / "tone.wav", "-f", "lavfi", "-i", "sine=d=1")
    for path in (still, tone):
        with pytest.raises(InvalidTranscode, match="needs a video") as caught:
            plan_transcode(probe(path), TranscodeRequest(profile="ladder"))
        assert [error.pointer for error in caught.value.errors] == ["/inputs/0"]


@pytest.mark.parametrize("params", [{"profile": "ladder", "codec": "av1"}, {"profile": "tiktok"}, {"fps": "source"}])
def test_a_plan_survives_being_kept_as_json(params: dict[str, Any]) -> None:
    for source in (media(rate="30000/1001", seconds=59.9), media(sound=False)):
        plan = plan_transcode(source, read_request(params))
        assert TranscodePlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
