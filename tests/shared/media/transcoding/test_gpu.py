"""What a GPU is told, as built text; and what happens when it fails in the middle of a job."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.media import Ffmpeg, RenderCancelled, find_ffmpeg
from shared.media.encoders import Accelerator, choose, probe_accelerator
from shared.media.transcoding import (
    TranscodePlan,
    TranscodeRequest,
    choose_decoder,
    encode_pictures,
    plan_transcode,
    transcode,
)
from shared.media.transcoding.graph import Frames
from shared.media.transcoding.pictures import gpu_command, software_command
from tests.shared.media.clips import read_numbers
from tests.shared.media.transcoding.conftest import media, plan_for

DECODES = frozenset({"h264", "hevc", "av1", "vp9", "mpeg2video"})
L4 = Accelerator("nvenc", frozenset({"h264", "h265", "av1"}), DECODES, scales=True)
H100 = Accelerator("nvdec", decodes=DECODES, reason="No capable devices found")


def told(plan: TranscodePlan, accelerator: Accelerator = L4) -> str:
    """The arguments of frames 0 to 60, as they would be typed."""
    paths = {each.name: Path(f"{each.name}.mp4") for each in plan.renditions}
    return " ".join(gpu_command(Frames(plan, Path("/film.mp4"), range(60)), paths, accelerator).arguments)


def plan_of(request: dict[str, Any], **source: Any) -> TranscodePlan:
    return plan_transcode(media(**source), TranscodeRequest.model_validate(request))


def test_a_ladder_never_leaves_the_gpu() -> None:
    text = told(plan_of({"profile": "ladder"}, size=(640, 360)))
    assert text.startswith(
        "-copyts -start_at_zero -extra_hw_frames 8 -hwaccel cuda -hwaccel_output_format cuda -i /film.mp4 -filter_complex "
    )
    tags = "setsar=1,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    for pad, (width, height) in enumerate(((416, 234), (640, 360))):
        assert f"[p{pad}]scale_cuda={width}:{height}:format=nv12:interp_algo=bicubic,{tags}" in text
    assert text.count("-i /film.mp4") == 1, "decoded once"
    assert text.count("-c:v h264_nvenc") == 2
    assert "hwdownload" not in text
    assert "-pix_fmt" not in text


@pytest.mark.parametrize(
    ("request_", "source"),
    [
        ({"profile": "tiktok"}, {}),
        ({"profile": "tiktok", "fit": "blur"}, {}),
        ({"profile": "ladder"}, {"color_transfer": "smpte2084"}),
        ({"profile": "ladder"}, {"rotation": 90}),
        ({"profile": "ladder"}, {"sample_aspect_ratio": "4/3"}),
        ({"profile": "ladder"}, {"color_range": "pc"}),
        ({"profile": "ladder"}, {"color_space": "bt470bg"}),
    ],
    ids=lambda value: "-".join(map(str, value.values())) or "plain",
)
def test_what_needs_processors_comes_to_them_and_goes_back(request_: dict[str, Any], source: dict[str, Any]) -> None:
    """Bars, blur, tone mapping, turning and other colours."""
    text = told(plan_of(request_, **source))
    assert "-hwaccel cuda" in text, "it decodes"
    assert "hwaccel_output_format" not in text
    assert "scale_cuda" not in text
    assert "-c:v h264_nvenc" in text
    assert "-pix_fmt yuv420p" in text


@pytest.mark.parametrize(
    "source",
    [{"pixel_format": "yuv420p10le"}, {"pixel_format": "yuv422p"}, {"codec": "prores"}, {"codec": "libdav1d"}],
    ids=lambda value: "-".join(value.values()),
)
def test_what_the_gpu_does_not_decode_goes_to_its_encoder_only(source: dict[str, Any]) -> None:
    """10-bit H.264, and what it was not seen to decode, for which FFmpeg may not take another decoder by itself."""
    text = told(plan_of({"profile": "ladder"}, **source), replace(L4, decodes=DECODES - {"av1"}))
    assert "cuda" not in text
    assert "-c:v h264_nvenc" in text


def test_a_gpu_that_does_not_scale_only_decodes_and_encodes() -> None:
    text = told(plan_of({"profile": "ladder"}), replace(L4, scales=False))
    assert "scale_cuda" not in text
    assert "-hwaccel cuda -i" in text
    assert "-c:v h264_nvenc" in text


UHD: dict[str, Any] = {"size": (3840, 2160)}


@pytest.mark.parametrize(
    ("encoder", "source", "accelerator", "expected"),
    [
        ("auto", UHD, H100, "gpu"),
        ("auto", {**UHD, "codec": "libdav1d"}, H100, "gpu"),
        ("auto", {**UHD, "codec": "hevc", "pixel_format": "yuv420p10le"}, H100, "gpu"),
        ("auto", {"size": (1920, 1080), "seconds": 60}, H100, "gpu"),
        ("auto", {"size": (1920, 1080)}, H100, "cpu"),
        ("auto", {**UHD, "seconds": 4}, H100, "cpu"),
        ("auto", {**UHD, "pixel_format": "yuv420p10le"}, H100, "cpu"),
        ("auto", {**UHD, "codec": "hevc"}, replace(H100, decodes=frozenset({"h264"})), "cpu"),
        ("cpu", UHD, H100, "cpu"),
        ("auto", UHD, Accelerator("none"), "cpu"),
    ],
)
def test_films_of_many_pixels_are_decoded_by_a_gpu_that_can_unless_it_is_to_be_left_alone(
    encoder: Any, source: dict[str, Any], accelerator: Accelerator, expected: str
) -> None:
    assert choose_decoder(encoder, plan_of({}, **source), accelerator) == expected


def test_what_a_gpu_decodes_comes_to_the_processors_that_encode() -> None:
    plan = plan_of({"width": 1280, "height": 720}, **UHD)
    frames = Frames(plan, Path("/film.mp4"), range(60))
    paths = {each.name: Path(f"{each.name}.mp4") for each in plan.renditions}
    by_gpu, alone = (software_command(frames, paths, None, by).arguments for by in ("gpu", "cpu"))
    assert " ".join(by_gpu) == " ".join(alone).replace("-i /film.mp4", "-hwaccel cuda -i /film.mp4"), (
        "nothing else differs"
    )


def test_high_dynamic_range_stays_in_ten_bits_on_the_gpu() -> None:
    source = {"codec": "hevc", "pixel_format": "yuv420p10le", "color_transfer": "smpte2084", "color_space": "bt2020nc"}
    text = told(plan_of({"profile": "ladder", "codec": "h265", "dynamicRange": "keep"}, **source))
    assert "scale_cuda=1920:1080:format=p010le" in text
    assert "-profile:v main10" in text
    assert "-tag:v hvc1" in text


@pytest.fixture
def failing(tmp_path: Path) -> Ffmpeg:
    """An FFmpeg whose GPU passes the probe and dies in the middle of a job, as one does whose memory or sessions run out."""
    script = f"""#!/bin/sh
case "$*" in
  *_nvenc*-f\\ null*|*init_hw_device*) exit 0 ;;
  *hwaccel*) echo "[av1 @ 0x1] Failed to get pixel format." >&2; exit 69 ;;
  *_nvenc*)
    for last; do :; done
    file="${{last#*]}}"
    head -c 5000 /dev/zero > "${{file%%|*}}"
    echo frame=10; echo out_time_us=300000; echo progress=continue
    echo "[h264_nvenc @ 0x1] OpenEncodeSessionEx failed: out of memory (10)" >&2
    exit 187 ;;
esac
exec {find_ffmpeg().path} "$@"
"""
    path = tmp_path / "ffmpeg"
    path.write_text(script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Ffmpeg(path, find_ffmpeg().version)


def test_a_gpu_that_fails_in_the_middle_is_replaced_and_it_is_said_why(
    silent: Path, tmp_path: Path, failing: Ffmpeg
) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    plan = plan_for(silent, crf=4)
    encoder = choose("auto", "h264", probe_accelerator(failing))
    assert encoder == "gpu"
    made = transcode(silent, plan, folder, encoder=encoder, ffmpeg=failing)
    assert (made.encoder, made.decoder, made.fell_back) == (
        "cpu",
        "cpu",
        "FFmpeg could not make the result: OpenEncodeSessionEx failed: out of memory (10)",
    )
    assert read_numbers(made.entry) == list(range(50))
    assert [path.name for path in folder.iterdir()] == ["film.mp4"], "nothing of the failed run is left"


def test_a_decoder_that_fails_in_the_middle_is_replaced_and_it_is_said_why(
    silent: Path, tmp_path: Path, failing: Ffmpeg
) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    made = transcode(silent, plan_for(silent, crf=4), folder, decoder="gpu", ffmpeg=failing)
    assert (made.encoder, made.decoder, made.fell_back) == ("cpu", "cpu", "The GPU does not decode a source.")
    assert read_numbers(made.entry) == list(range(50))


@pytest.mark.parametrize("name", ["film", "hdr"])
def test_a_gpu_decodes_to_the_same_pictures_as_processors(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    """Only where there is one."""
    found = probe_accelerator(find_ffmpeg())
    if not {"h264", "hevc"} <= found.decodes:
        pytest.skip(f"no GPU here decodes H.264 and H.265: {found.reason}")
    source: Path = request.getfixturevalue(name)
    plan, sums = plan_for(source), []
    for by in ("gpu", "cpu"):
        folder = tmp_path / by
        folder.mkdir()
        encoded = encode_pictures(plan, source, range(7, plan.frames), folder, decoder=by, threads=1)  # type: ignore[arg-type]
        assert (encoded.decoder, encoded.fell_back) == (by, None)
        sums.append(encoded.sums)
    assert sums[0] == sums[1]


def test_a_job_that_is_cancelled_is_not_done_again_without_the_gpu(silent: Path, tmp_path: Path) -> None:
    path = tmp_path / "ffmpeg"
    runs = f"*-f\\ null*|*sample*) exit 0 ;; *libx264*) touch {tmp_path}/again ;;"
    path.write_text(f'#!/bin/sh\ncase "$*" in {runs} esac\nexec sleep 30\n')
    path.chmod(0o755)
    folder = tmp_path / "made"
    folder.mkdir()
    with pytest.raises(RenderCancelled):
        transcode(
            silent, plan_for(silent), folder, encoder="gpu", ffmpeg=Ffmpeg(path, (9,)), should_cancel=lambda: True
        )
    assert not (tmp_path / "again").exists()
