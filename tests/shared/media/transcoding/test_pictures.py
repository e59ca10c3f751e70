"""Any frames of a film are those of the whole, whatever the source; and a GPU that fails is no failure."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from shared.media import RenderCancelled, RenderTimeout, probe
from shared.media.chunking import key_moments
from shared.media.joining import Piece, join_pieces
from shared.media.packets import read_picture
from shared.media.transcoding import TranscodePlan, encode_pictures, encode_sound, make_sidecars
from shared.media.transcoding.graph import Frames
from tests.shared.media.clips import loudness_at, make, numbered, plain, read_numbers, sound
from tests.shared.media.transcoding.conftest import plan_for
from tests.shared.media.transcoding.sources import SOURCES, make_source


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sources")


def numbers_of(plan: TranscodePlan, source: Path, frames: range, folder: Path) -> list[int]:
    """What the frames show that are encoded of a numbered source."""
    encoded = encode_pictures(plan, source, frames, folder)
    return read_numbers(encoded.paths[plan.renditions[-1].name])


@pytest.mark.parametrize("name", SOURCES)
def test_pieces_are_the_whole_whatever_the_source(sources: Path, tmp_path: Path, name: str) -> None:
    source = make_source(sources, name)
    plan = plan_for(source, crf=4)
    whole = numbers_of(plan, source, range(plan.frames), tmp_path)
    assert len(whole) == plan.frames
    if name != "variable rate":
        assert whole == list(range(plan.frames)), "every frame of the source, once"
    for begin in (*range(17, plan.frames, 61), *keys_of(source, plan)[2:3]):
        frames = range(begin, min(plan.frames, begin + 6))
        assert numbers_of(plan, source, frames, tmp_path) == whole[begin : frames.stop], frames


def keys_of(source: Path, plan: TranscodePlan) -> list[int]:
    """The frames that are key frames of the source."""
    return [round(moment * plan.frame_rate) for moment in key_moments(source)]


@pytest.mark.parametrize(
    ("name", "key", "skips"),
    [("b-frames", 100, True), ("23.976 a second", 48, True), ("open groups", 80, False), ("fields", 50, False)],
)
def test_reading_begins_with_a_key_frame_that_is_wanted_where_nothing_looks_back_past_it(
    sources: Path, tmp_path: Path, name: str, key: int, skips: bool
) -> None:
    """Or else a whole group is decoded in vain."""
    if name == "fields":
        fields = ("-vf", "scale=160:92", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-x264-params", "tff=1")
        source = make(tmp_path / "fields.mp4", "-i", str(make_source(sources, "b-frames")), *fields)
    else:
        source = make_source(sources, name)
    plan = plan_for(source)
    assert key in keys_of(source, plan)
    shot, frame = Frames(plan, source, range(plan.frames)).shot, 1 / plan.frame_rate
    assert shot.key_start(key * frame) == (key * frame if skips else None)
    assert shot.key_start((key + 1) * frame) == (key * frame if skips else None)
    assert shot.key_start((key - 1) * frame) is None, "the one before it would be missing"
    assert shot.key_start((key + 20) * frame) is None, "reading may as well begin as usual"


@pytest.mark.parametrize(("fps", "shown"), [(12, 5), (60, 1)])
def test_at_another_rate_a_frame_shows_what_the_source_shows_then(
    sources: Path, tmp_path: Path, fps: int, shown: int
) -> None:
    source = make_source(sources, "b-frames")
    plan = plan_for(source, fps=fps, crf=4)
    whole = numbers_of(plan, source, range(plan.frames), tmp_path)
    assert len(whole) == 5 * fps
    for number, seen in enumerate(whole):
        assert seen == pytest.approx(number * Fraction(30, fps), abs=1)
    for begin in (shown, 2 * fps, 4 * fps - 1):
        assert numbers_of(plan, source, range(begin, begin + 8), tmp_path) == whole[begin : begin + 8]


def test_an_edit_list_hides_what_comes_before_it(sources: Path, tmp_path: Path) -> None:
    cut = make(tmp_path / "cut.mp4", "-ss", "1.53", "-i", str(make_source(sources, "b-frames")), "-c", "copy")
    plan = plan_for(cut, crf=4)
    whole = numbers_of(plan, cut, range(plan.frames), tmp_path)
    assert whole == list(range(46, 150)), "nothing is held at the end for what is hidden at the beginning"
    assert numbers_of(plan, cut, range(60, 70), tmp_path) == whole[60:70]


@pytest.mark.parametrize("suffix", ["ts", "mkv"])
def test_a_stream_that_is_read_alone_stays_in_step_with_the_other(tmp_path: Path, suffix: str) -> None:
    film = str(numbered(tmp_path / "whole.mp4", 1, more=("-f", "lavfi", "-i", "sine=f=440:d=1", "-c:a", "aac")))
    coded = ("-c:v", "mpeg2video", "-q:v", "1", "-c:a", "mp2")
    for late in (0, 1):
        inputs = ("-i", film, "-itsoffset", "0.5", "-i", film, "-map", f"{late}:v", "-map", f"{1 - late}:a")
        source = make(tmp_path / f"late-{late}.{suffix}", *inputs, *coded)
        plan = plan_for(source, crf=4)
        shown = numbers_of(plan, source, range(plan.frames), tmp_path)
        assert shown.index(15) in ((30, 31) if late else (15, 16)), "moments of the file"
        assert numbers_of(plan, source, range(20, 40), tmp_path) == shown[20:40]
        encode_sound(plan, source, tmp_path / "sound.mp4")
        heard = sound(tmp_path / "sound.mp4")
        assert (loudness_at(heard, 0.1, 0.4, 440) > 0.05) == bool(late)
        assert (loudness_at(heard, 1.1, 1.4, 440) > 0.05) != bool(late)


def test_interlaced_pictures_become_whole_ones(tmp_path: Path) -> None:
    moving = "color=black:s=320x180:r=50:d=2[b];color=white:s=40x180:r=50:d=2[w];[b][w]overlay=x=8*mod(n\\,35):y=0"
    fields = ("-vf", "tinterlace=interleave_top", "-c:v", "libx264", "-crf", "10", "-x264-params", "tff=1")
    source = make(tmp_path / "camera.mkv", "-f", "lavfi", "-i", moving, *fields, "-pix_fmt", "yuv420p")
    plan = plan_for(source, crf=10)
    encoded = encode_pictures(plan, source, range(plan.frames), tmp_path)
    assert plan.frames == 50
    assert combs(source) > 5
    assert combs(encoded.paths["film"]) < 0.5


def combs(path: Path) -> float:
    """How much lines differ from those above and below, in a picture that is the same from top to bottom."""
    with av.open(str(path)) as container:
        lines = [frame.to_ndarray()[20:160, :320].astype(float) for frame in container.decode(video=0)]
    return float(np.mean([np.abs(np.diff(each, axis=0)).mean() for each in lines[2:-2]]))


def test_a_turned_film_stands_upright(films: Path, silent: Path, tmp_path: Path) -> None:
    turned = make(tmp_path / "turned.mp4", "-display_rotation", "90", "-i", str(silent), "-c", "copy")
    plan = plan_for(turned)
    encoded = encode_pictures(plan, turned, range(25, 50), tmp_path)
    video = probe(encoded.paths["film"]).video
    assert video is not None
    assert (video.width, video.height, video.rotation, video.frame_count) == (90, 160, 0, 25)


@pytest.mark.parametrize("codec", ["h264", "h265", "av1", "vp9"])
def test_every_rendition_of_a_piece_begins_anew_and_keeps_the_grid_of_groups(
    film: Path, tmp_path: Path, codec: str
) -> None:
    plan = plan_for(film, profile="ladder", codec=codec, crf=8)
    begin, end = 2 * plan.gop_frames, 4 * plan.gop_frames + 7
    encoded = encode_pictures(plan, film, range(begin, end), tmp_path)
    assert list(encoded.paths) == [each.name for each in plan.renditions]
    for each in plan.renditions:
        picture = read_picture(encoded.paths[each.name], plan.frame_rate)
        assert (picture.frames, picture.begin, picture.size) == (end - begin, 0, each.size)
        assert picture.keys == {0, plan.gop_frames, 2 * plan.gop_frames}
        assert probe(encoded.paths[each.name]).audio is None
    assert read_numbers(encoded.paths["180p"]) == list(range(begin, end))


def test_scene_cuts_do_not_move_the_groups_of_a_ladder(tmp_path: Path) -> None:
    flashes = "color=black:s=160x90:r=25:d=6,geq=lum='255*mod(floor(N/9),2)':cb=128:cr=128"
    source = make(tmp_path / "flashes.mp4", "-f", "lavfi", "-i", flashes, "-pix_fmt", "yuv420p")
    for codec in ("h264", "h265", "av1"):
        plan = plan_for(source, profile="ladder", codec=codec, preset="veryfast")
        encoded = encode_pictures(plan, source, range(plan.frames), tmp_path)
        assert read_picture(encoded.paths["90p"], plan.frame_rate).keys == {0, 50, 100}, codec


def test_pieces_of_a_film_join_without_a_seam(film: Path, tmp_path: Path) -> None:
    plan = plan_for(film, crf=4)
    pieces = []
    for begin in range(0, plan.frames, 2 * plan.gop_frames):
        folder = tmp_path / str(begin)
        folder.mkdir()
        frames = range(begin, min(plan.frames, begin + 2 * plan.gop_frames))
        encoded = encode_pictures(plan, film, frames, folder, threads=1)
        pieces.append(Piece(encoded.paths["film"], 0, len(frames)))
    pictures = {piece.path: read_picture(piece.path, plan.frame_rate) for piece in pieces}
    joined = tmp_path / "joined.mp4"
    join_pieces(pieces, pictures, joined, rate=plan.frame_rate, container="mp4")
    assert read_numbers(joined) == list(range(plan.frames))


@pytest.mark.parametrize(("fit", "darkest", "lightest"), [("contain", 16, 16), ("blur", 100, 220), ("cover", 230, 235)])
def test_the_picture_fills_another_shape_as_asked(tmp_path: Path, fit: str, darkest: int, lightest: int) -> None:
    white = plain(tmp_path / "white.mp4", "white", 0.2)
    plan = plan_for(white, profile="social", width=90, height=160, fit=fit, crf=4)
    encoded = encode_pictures(plan, white, range(2), tmp_path)
    with av.open(str(encoded.paths["social"])) as container:
        top = next(container.decode(video=0)).to_ndarray()[:20, :90]
    assert darkest <= int(top.min()) <= int(top.max()) <= lightest


def test_it_says_how_far_it_is_and_can_be_stopped(film: Path, tmp_path: Path) -> None:
    told: list[float] = []
    plan = plan_for(film, width=640, height=360, preset="veryslow")
    with pytest.raises(RenderCancelled):
        encode_pictures(
            plan, film, range(plan.frames), tmp_path, on_progress=told.append, should_cancel=lambda: bool(told)
        )
    with pytest.raises(RenderTimeout):
        encode_pictures(plan, film, range(plan.frames), tmp_path, timeout=0.2)
    assert list(tmp_path.iterdir()) == []


def colors(path: Path) -> dict[str, Any]:
    video = probe(path).video
    assert video is not None
    return {"pixels": video.pixel_format, "transfer": video.color_transfer, "space": video.color_space}


def test_high_dynamic_range_becomes_standard(hdr: Path, tmp_path: Path) -> None:
    plan = plan_for(hdr)
    encoded = encode_pictures(plan, hdr, range(plan.frames), tmp_path)
    assert colors(encoded.paths["film"]) == {"pixels": "yuv420p", "transfer": "bt709", "space": "bt709"}


@pytest.mark.parametrize(
    "untold", ["colour_primaries=2", "matrix_coefficients=2", "colour_primaries=2:matrix_coefficients=2"]
)
def test_so_it_does_where_a_file_tells_of_its_curve_alone(hdr: Path, tmp_path: Path, untold: str) -> None:
    quiet = make(tmp_path / "quiet.mkv", "-i", str(hdr), "-c", "copy", "-bsf:v", f"hevc_metadata={untold}")
    pictures = []
    for source in (hdr, quiet):
        encoded = encode_pictures(plan_for(source), source, range(3), tmp_path)
        with av.open(str(encoded.paths["film"])) as container:
            pictures.append(next(container.decode(video=0)).to_ndarray())
    assert (pictures[0] == pictures[1]).all()


@pytest.mark.parametrize("codec", ["h265", "av1", "vp9"])
@pytest.mark.parametrize("fit", ["contain", "blur", "cover"])
def test_high_dynamic_range_is_kept_in_ten_bits(hdr: Path, tmp_path: Path, codec: str, fit: str) -> None:
    plan = plan_for(hdr, codec=codec, dynamicRange="keep", profile="social", width=90, height=160, fit=fit)
    encoded = encode_pictures(plan, hdr, range(5), tmp_path)
    kept = colors(encoded.paths["social"])
    assert kept == {"pixels": "yuv420p10le", "transfer": "smpte2084", "space": "bt2020nc"}


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_where_only_sound_is_left_the_last_picture_stays(tmp_path: Path, container: str) -> None:
    """Though a piece begins after the picture has ended, and so does a thumbnail."""
    shown = numbered(tmp_path / "shown.mp4", 1)
    sound = ("-f", "lavfi", "-i", "sine=r=48000:d=3")
    source = make(tmp_path / f"source.{container}", "-i", str(shown), *sound, "-c:v", "copy", "-c:a", "aac")
    plan = plan_for(source, crf=4, thumbnails=True)
    assert plan.frames in (90, 91)
    assert numbers_of(plan, source, range(60, 66), tmp_path) == [29] * 6
    assert numbers_of(plan, source, range(27, 33), tmp_path) == [27, 28, 29, 29, 29, 29]
    assert len(make_sidecars(plan, source, tmp_path)) == 8


def test_the_last_frame_of_a_recording_stands_as_long_as_it_lasts(tmp_path: Path) -> None:
    """Though a piece, or a thumbnail, begins long after it."""
    film = numbered(tmp_path / "whole.mp4", 2, more=("-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac"))
    standing = ("-vf", "select='eq(n,0)+eq(n,7)+eq(n,20)'", "-fps_mode", "vfr", "-c:a", "copy")
    source = make(tmp_path / "screen.mkv", "-i", str(film), *standing)
    plan = plan_for(source, crf=4, thumbnails=True)
    assert numbers_of(plan, source, range(17, 23), tmp_path) == [7, 7, 7, 20, 20, 20]
    assert numbers_of(plan, source, range(50, 56), tmp_path) == [20] * 6
    assert len(make_sidecars(plan, source, tmp_path)) == 8
