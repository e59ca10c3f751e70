"""What is packaged plays: whole, in step, by whatever reads it."""

import re
import subprocess
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import m3u8
import numpy as np
import pytest

from shared.media import find_ffmpeg, probe
from shared.media.packets import read_picture
from shared.media.transcoding import TranscodePlan, encode_pictures, encode_sound, package, transcode
from shared.media.transcoding.packaging.boxes import read_fragmented
from tests.shared.media.clips import loudness_at, make, read_numbers, sound
from tests.shared.media.transcoding.conftest import plan_for

ONLY = {"poster": False, "thumbnails": False, "sprites": False, "waveform": False}
DASH = "{urn:mpeg:dash:schema:mpd:2011}"


@pytest.fixture(scope="module")
def ladder(film: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[TranscodePlan, Path]:
    """A package of two rungs, from 640x360 of the film."""
    folder = tmp_path_factory.mktemp("ladder")
    larger = plan_for(film, width=640, height=360, crf=4)
    made = transcode(film, larger, folder)
    packaged = folder / "package"
    packaged.mkdir()
    plan = plan_for(made.entry, profile="ladder", crf=12, **ONLY)
    transcode(made.entry, plan, packaged)
    return plan, packaged


def decoded(path: Path, kind: str = "v") -> tuple[int, Fraction, Fraction]:
    """How many frames FFmpeg's player decodes, when the first begins, and when the last does."""
    read = ["-nostdin", "-loglevel", "error", "-copyts", "-i", path, "-map", f"0:{kind}:0", "-f", "framecrc", "-"]
    told = subprocess.run([find_ffmpeg().path, *read], capture_output=True, text=True, check=True, timeout=60).stdout
    lines = [line for line in told.splitlines() if line]
    tick = Fraction(next(line.removeprefix("#tb 0: ") for line in lines if line.startswith("#tb 0: ")))
    stamps = [int(line.split(",")[2]) * tick for line in lines if not line.startswith("#")]
    return len(stamps), min(stamps), max(stamps)


@pytest.mark.parametrize("entry", ["master.m3u8", "manifest.mpd", "234p.m3u8", "360p.m3u8"])
def test_a_player_sees_every_frame(ladder: tuple[TranscodePlan, Path], entry: str) -> None:
    plan, folder = ladder
    count, first, last = decoded(folder / entry)
    assert (count, first) == (plan.frames, 0)
    assert float(last) == pytest.approx(float((plan.frames - 1) / plan.frame_rate), abs=0.001)


@pytest.mark.parametrize("entry", ["master.m3u8", "manifest.mpd"])
def test_a_player_hears_all_of_it_in_step(ladder: tuple[TranscodePlan, Path], entry: str) -> None:
    plan, folder = ladder
    _, first, last = decoded(folder / entry, "a")
    assert first == 0, "with the first frame"
    assert float(last) == pytest.approx(float(plan.seconds), abs=0.03)


def test_rungs_are_cut_at_the_same_frames_near_six_seconds(ladder: tuple[TranscodePlan, Path]) -> None:
    plan, folder = ladder
    cuts = set()
    for each in plan.renditions:
        file = read_fragmented(folder / f"{each.name}.mp4")
        cuts.add(tuple(segment.seconds for segment in file.segments))
        assert file.segments[-1].offset + file.segments[-1].size == (folder / f"{each.name}.mp4").stat().st_size
        keys = read_picture(folder / f"{each.name}.mp4", plan.frame_rate).keys
        assert keys == frozenset(range(0, plan.frames, plan.gop_frames))
    [seconds] = cuts
    assert seconds[0] == seconds[1] == 180 / plan.frame_rate
    assert sum(seconds) == plan.seconds


def test_every_segment_decodes_with_its_header_alone(ladder: tuple[TranscodePlan, Path], tmp_path: Path) -> None:
    plan, folder = ladder
    file, data = read_fragmented(folder / "360p.mp4"), (folder / "360p.mp4").read_bytes()
    counts = []
    for number, segment in enumerate(file.segments):
        alone = tmp_path / f"{number}.mp4"
        alone.write_bytes(data[: file.header] + data[segment.offset : segment.offset + segment.size])
        counts.append(decoded(alone)[0])
    assert counts == [180, 180, plan.frames - 360]


def attributes(line: str) -> dict[str, str]:
    return dict(re.findall(r'([A-Z-]+)=("[^"]*"|[^,]*)', line))


def test_the_master_playlist_says_what_is_there(ladder: tuple[TranscodePlan, Path]) -> None:
    plan, folder = ladder
    lines = (folder / "master.m3u8").read_text().splitlines()
    variants = [attributes(line) for line in lines if line.startswith("#EXT-X-STREAM-INF")]
    assert lines[0] == "#EXTM3U"
    assert [each["RESOLUTION"] for each in variants] == ["416x234", "640x360"]
    assert {each["FRAME-RATE"] for each in variants} == {"29.970"}
    assert all(each["CODECS"].startswith('"avc1.42c0') and each["CODECS"].endswith(',mp4a.40.2"') for each in variants)
    heard = (folder / "sound.mp4").stat().st_size
    for variant, rendition in zip(variants, plan.renditions, strict=True):
        size = (folder / f"{rendition.name}.mp4").stat().st_size + heard
        average = int(variant["AVERAGE-BANDWIDTH"])
        assert average == pytest.approx(size * 8 / float(plan.seconds), rel=0.02), "measured"
        assert average <= int(variant["BANDWIDTH"]) < average * 2


def test_the_playlists_are_what_others_take_them_for(ladder: tuple[TranscodePlan, Path]) -> None:
    plan, folder = ladder
    master = m3u8.load(str(folder / "master.m3u8"))
    assert [each.stream_info.resolution for each in master.playlists] == [each.size for each in plan.renditions]
    for uri in [*(each.uri for each in master.playlists), *(each.uri for each in master.media)]:
        media = m3u8.load(str(folder / uri))
        assert media.is_endlist
        assert sum(segment.duration for segment in media.segments) == pytest.approx(float(plan.seconds), abs=0.05)
        assert all(round(segment.duration) <= media.target_duration for segment in media.segments)
        end = int(media.segment_map[0].byterange.partition("@")[0])
        begin, stop = read_fragmented(folder / media.segments[0].uri).index
        assert end == begin
        for segment in media.segments:
            size, _, offset = segment.byterange.partition("@")
            assert int(offset) == stop, "segments follow each other"
            stop += int(size)


def test_the_manifest_says_what_is_there(ladder: tuple[TranscodePlan, Path]) -> None:
    plan, folder = ladder
    root = ElementTree.parse(folder / "manifest.mpd").getroot()
    pictures = root.findall(f".//{DASH}AdaptationSet[@contentType='video']/{DASH}Representation")
    assert [(int(each.get("width", 0)), int(each.get("height", 0))) for each in pictures] == [
        each.size for each in plan.renditions
    ]
    for each in root.iter(f"{DASH}Representation"):
        path = folder / (each.findtext(f"{DASH}BaseURL") or "")
        base = each.find(f"{DASH}SegmentBase")
        assert base is not None
        begin, end = map(int, base.get("indexRange", "").split("-"))
        assert path.read_bytes()[begin + 4 : begin + 8] == b"sidx"
        assert int.from_bytes(path.read_bytes()[begin : begin + 4], "big") == end - begin + 1


@pytest.mark.parametrize(
    ("codec", "written"),
    [
        ("h265", r"hvc1\.1\.6\.L\d+\.[0-9A-F]+"),
        ("av1", r"av01\.0\.\d\dM\.08"),
        ("vp9", r"vp09\.00\.\d\d\.08\.01\.01\.01\.01\.00"),
    ],
)
def test_other_codecs_are_packaged_with_their_names(silent: Path, tmp_path: Path, codec: str, written: str) -> None:
    plan = plan_for(silent, profile="ladder", codec=codec, **ONLY)
    made = transcode(silent, plan, tmp_path)
    assert made.entry == tmp_path / "master.m3u8"
    named = re.search(r'CODECS="([^"]*)"', made.entry.read_text())
    assert named is not None
    assert re.fullmatch(written, named[1])
    assert named[1] in (tmp_path / "manifest.mpd").read_text()
    for entry in ("master.m3u8", "manifest.mpd"):
        assert decoded(tmp_path / entry)[0] == plan.frames
    with av.open(str(tmp_path / "90p.mp4")) as container:
        assert codec != "h265" or container.streams.video[0].codec_context.codec_tag == "hvc1"


def test_high_dynamic_range_is_told_to_players(hdr: Path, tmp_path: Path) -> None:
    plan = plan_for(hdr, profile="ladder", codec="h265", dynamicRange="keep", **ONLY)
    transcode(hdr, plan, tmp_path)
    assert "VIDEO-RANGE=PQ" in (tmp_path / "master.m3u8").read_text()
    assert 'CODECS="hvc1.2.4.' in (tmp_path / "master.m3u8").read_text()
    assert 'value="16"' in (tmp_path / "manifest.mpd").read_text()


@pytest.mark.parametrize("container", ["mp4", "mov", "mkv", "webm"])
def test_a_file_has_every_frame_and_every_sample(film: Path, tmp_path: Path, container: str) -> None:
    codec = "vp9" if container == "webm" else "h264"
    plan = plan_for(film, container=container, codec=codec, crf=4, width=160, height=90)
    made = transcode(film, plan, tmp_path)
    assert made.entry.name == f"film.{container}"
    assert [path.name for path in tmp_path.iterdir()] == [made.entry.name]
    assert read_numbers(made.entry) == list(range(plan.frames))
    samples = sound(made.entry)
    assert len(samples) == pytest.approx(float(plan.seconds * 48_000), abs=1100), "to a block of the codec"
    assert loudness_at(samples, 0.1, 13.5, 440) > 0.05


def test_the_sound_is_exactly_as_long_as_the_picture_and_begins_with_it(film: Path, tmp_path: Path) -> None:
    click = "aevalsrc='0.8*eq(mod(n,24000),0)+0.8*eq(mod(n,24000),1)':s=48000:d=3"
    clicks = make(
        tmp_path / "clicks.mkv",
        "-i",
        str(film),
        "-f",
        "lavfi",
        "-i",
        click,
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c:v",
        "copy",
        "-c:a",
        "flac",
        "-t",
        "3",
    )
    plan = plan_for(clicks)
    heard = sound(transcode(clicks, plan, tmp_path).entry)
    for moment in (24_000, 48_000, 96_000):
        near = heard[moment - 600 : moment + 600]
        assert abs(int(np.abs(near).argmax()) - 600) <= 2, "a click every half a second"


def test_a_film_without_sound_is_packaged_without(silent: Path, tmp_path: Path) -> None:
    plan = plan_for(silent, profile="ladder", **ONLY)
    assert plan.sound is None
    transcode(silent, plan, tmp_path)
    assert "AUDIO" not in (tmp_path / "master.m3u8").read_text()
    assert not (tmp_path / "sound.mp4").exists()
    assert decoded(tmp_path / "manifest.mpd")[0] == 50


def test_pieces_of_a_job_are_packaged_as_one_run_would(film: Path, tmp_path: Path) -> None:
    plan = plan_for(film, crf=4)
    pictures = encode_pictures(plan, film, range(plan.frames), tmp_path)
    encode_sound(plan, film, tmp_path / "sound")
    out = tmp_path / "out"
    out.mkdir()
    [entry] = package(plan, pictures.paths, tmp_path / "sound", out)
    info = probe(entry)
    assert info.exact_duration == pytest.approx(float(plan.seconds), abs=0.03)
    assert info.audio is not None
