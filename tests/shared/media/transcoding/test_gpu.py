"""What a GPU is told, as built text; and what happens when it fails in the middle of a job."""

import stat
from pathlib import Path
from typing import Any

import pytest

from shared.media import Ffmpeg, RenderCancelled, find_ffmpeg
from shared.media.encoders import Accelerator, choose, probe_accelerator
from shared.media.transcoding import TranscodePlan, TranscodeRequest, plan_transcode, transcode
from shared.media.transcoding.graph import Frames
from shared.media.transcoding.pictures import gpu_command
from tests.shared.media.clips import read_numbers
from tests.shared.media.transcoding.conftest import media, plan_for

L4 = Accelerator("nvenc", frozenset({"h264", "h265", "av1"}), scales=True)


def told(plan: TranscodePlan, accelerator: Accelerator = L4) -> str:
    """The arguments of frames 0 to 60, as they would be typed."""
    paths = {each.name: Path(f"{each.name}.mp4") for each in plan.renditions}
    return " ".join(gpu_command(Frames(plan, Path("/film.mp4"), range(60)), paths, accelerator))


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
        ({"profile": "ladder"}, {"pixel_format": "yuv420p10le"}),
        ({"profile": "ladder"}, {"pixel_format": "yuv422p"}),
        ({"profile": "ladder"}, {"codec": "prores"}),
        ({"profile": "ladder"}, {"color_range": "pc"}),
        ({"profile": "ladder"}, {"color_space": "bt470bg"}),
    ],
    ids=lambda value: "-".join(map(str, value.values())) or "plain",
)
def test_what_needs_processors_comes_to_them_and_goes_back(request_: dict[str, Any], source: dict[str, Any]) -> None:
    """Bars, blur, tone mapping, turning, other colours, and what NVDEC does not decode: 10-bit H.264 among it."""
    text = told(plan_of(request_, **source))
    assert "-hwaccel cuda" in text, "it decodes what it can"
    assert "hwaccel_output_format" not in text
    assert "scale_cuda" not in text
    assert "-c:v h264_nvenc" in text
    assert "-pix_fmt yuv420p" in text


def test_a_gpu_that_does_not_scale_only_encodes() -> None:
    text = told(plan_of({"profile": "ladder"}), Accelerator("nvenc", frozenset({"h264"}), scales=False))
    assert "scale_cuda" not in text
    assert "-c:v h264_nvenc" in text


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
  *_nvenc*-f\\ null*) exit 0 ;;
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
    assert (made.encoder, made.fell_back) == (
        "cpu",
        "FFmpeg could not make the result: OpenEncodeSessionEx failed: out of memory (10)",
    )
    assert read_numbers(made.entry) == list(range(50))
    assert [path.name for path in folder.iterdir()] == ["film.mp4"], "nothing of the failed run is left"


def test_a_job_that_is_cancelled_is_not_done_again_without_the_gpu(silent: Path, tmp_path: Path) -> None:
    path = tmp_path / "ffmpeg"
    runs = f"*-f\\ null*) exit 0 ;; *libx264*) touch {tmp_path}/again ;;"
    path.write_text(f'#!/bin/sh\ncase "$*" in {runs} esac\nexec sleep 30\n')
    path.chmod(0o755)
    folder = tmp_path / "made"
    folder.mkdir()
    with pytest.raises(RenderCancelled):
        transcode(
            silent, plan_for(silent), folder, encoder="gpu", ffmpeg=Ffmpeg(path, (9,)), should_cancel=lambda: True
        )
    assert not (tmp_path / "again").exists()
