"""Small films to transcode, made once."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from shared.media import MediaInfo, StreamInfo, probe
from shared.media.transcoding import TranscodePlan, TranscodeRequest, plan_transcode
from tests.shared.media.clips import make, numbered

TONE = ("-f", "lavfi", "-i", "sine=f=440:r=48000:d={seconds}", "-c:a", "aac", "-ac", "2", "-shortest")


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they are."""
    return Path(tmp_path_factory.mktemp("films"))


@pytest.fixture(scope="session")
def film(films: Path) -> Path:
    """14 s of numbered frames at 29.97 a second, 320x180, groups of 50 with B-frames, under a sine of 440 Hz."""
    sine = tuple(argument.format(seconds=14) for argument in TONE)
    return numbered(films / "film.mp4", 14, rate="30000/1001", size="320x180", more=(*sine, "-g", "50", "-bf", "3"))


@pytest.fixture(scope="session")
def silent(films: Path) -> Path:
    """2 s of numbered frames at 25 a second, 160x90, without sound."""
    return numbered(films / "silent.mp4", 2, rate="25")


@pytest.fixture(scope="session")
def hdr(films: Path) -> Path:
    """1 s in PQ and BT.2020, 10 bits, 160x90, as cameras and films have it."""
    tags = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=limited:log-level=error"
    source = "testsrc2=s=160x90:r=25:d=1,format=yuv420p10le"
    coded = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "12", "-x265-params", tags, "-tag:v", "hvc1")
    return make(films / "hdr.mp4", "-f", "lavfi", "-i", source, *coded)


def plan_for(source: Path, **request: Any) -> TranscodePlan:
    """The plan for a request, quickly encoded unless it says otherwise."""
    return plan_transcode(probe(source), TranscodeRequest.model_validate({"preset": "ultrafast", **request}))


def media(
    size: tuple[int, int] = (1920, 1080),
    rate: Fraction | str = "30",
    seconds: float = 10,
    *,
    sound: bool = True,
    **more: Any,
) -> MediaInfo:
    """What `probe` would say of such a file."""
    usual = {"codec": "h264", "pixel_format": "yuv420p", "color_space": "bt709"}
    picture = StreamInfo(
        index=0, kind="video", width=size[0], height=size[1], frame_rate=Fraction(rate), **{**usual, **more}
    )
    heard = (StreamInfo(index=1, kind="audio", codec="aac", sample_rate=48000, channels=2),) if sound else ()
    return MediaInfo(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        exact_duration=Fraction(str(seconds)),
        size=1000,
        sha256="0" * 64,
        streams=(picture, *heard),
    )
