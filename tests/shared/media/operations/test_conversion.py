"""What comes out plays everywhere, and sound that need not be encoded is not."""

from pathlib import Path

import av
import numpy as np
import pytest

from shared.media import probe
from shared.media.pictures import read_pictures
from tests.shared.media.clips import frames, loudness_at, lumas, make, mean_color, numbered, read_numbers, sound
from tests.shared.media.operations.conftest import Do, ssim


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_convert_makes_h264_and_aac_that_play_while_they_load(do: Do, film: Path, tmp_path: Path) -> None:
    odd = make(tmp_path / "odd.mkv", "-i", str(film), "-vf", "crop=159:89", "-c:v", "ffv1", "-c:a", "flac")
    path = do("convert", odd)
    info = probe(path)
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.codec, info.video.pixel_format, info.audio.codec) == ("h264", "yuv420p", "aac")
    assert (info.video.width, info.video.height, info.video.frame_count) == (158, 88, 60)
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")
    assert loudness_at(sound(path), 0.2, 1.8, 440) == pytest.approx(loudness_at(sound(film), 0.2, 1.8, 440), rel=0.1)


def test_converting_keeps_the_picture_and_copies_sound_that_is_aac_already(do: Do, film: Path) -> None:
    path = do("convert", film, crf=12)
    assert ssim(film, path) > 0.98
    assert packets(path) == packets(film)


def test_converting_colors_of_old_video_neither_darkens_nor_brightens_it(do: Do, tmp_path: Path) -> None:
    colors = "gradients=s=320x180:d=1:c0=0x204060:c1=0xd08040:c2=0x60a060:n=3:seed=4,format=yuv420p"
    source = make(tmp_path / "untagged.mp4", "-f", "lavfi", "-i", colors, "-crf", "4")
    by_zimg = "zscale=matrixin=170m:matrix=709:rangein=tv:range=tv,setparams=colorspace=bt709"
    right = make(tmp_path / "right.mp4", "-i", str(source), "-vf", by_zimg, "-crf", "4", "-pix_fmt", "yuv420p")
    assert lumas(do("convert", source, crf=4)).mean() == pytest.approx(lumas(right).mean(), abs=0.4)


@pytest.mark.parametrize(
    "told",
    ["p=2020:t=2020_10:m=2020_ncl", "p=smpte432:t=709:m=709", "p=2020:t=2020_10:m=2020_cl", "p=709:t=709:m=ycgco"],
)
def test_colors_are_the_same_whatever_primaries_and_matrix_a_film_tells_them_in(
    do: Do, tmp_path: Path, told: str
) -> None:
    wide = f"format=gbrp,zscale=pin=709:tin=709:{told}:r=tv,format=yuv444p10le"
    color = ("-f", "lavfi", "-i", "color=0xc02020:s=64x36:r=10:d=0.2")
    source = make(tmp_path / "film.mkv", *color, "-vf", wide, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "4")
    seen = frames(do("convert", source, crf=4, preset="ultrafast"))[0]
    assert mean_color(seen) == pytest.approx((192, 32, 32), abs=3)
    assert next(read_pictures(source, probe(source).streams[0])).small(16, "bgr24").mean() > 30, "it can be looked at"


def test_high_dynamic_range_in_intensity_and_opponent_colors_is_as_in_others(do: Do, tmp_path: Path) -> None:
    seen = []
    for matrix in ("ictcp", "2020_ncl"):
        told = f"format=gbrp,zscale=pin=709:tin=709:p=2020:t=smpte2084:m={matrix}:r=tv:npl=203,format=yuv420p10le"
        color = ("-f", "lavfi", "-i", "color=0xc02020:s=64x36:r=10:d=0.2", "-vf", told)
        quick = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
        source = make(tmp_path / f"{matrix}.mp4", *color, *quick)
        seen.append(mean_color(frames(do("convert", source, crf=4, preset="ultrafast"))[0]))
    assert seen[0] == pytest.approx(seen[1], abs=4)


def test_where_a_picture_is_transparent_black_is_seen_and_no_hidden_colour(do: Do, tmp_path: Path) -> None:
    half = "color=0xc03040:s=64x36:r=10:d=0.2,format=rgba,geq=r=192:g=48:b=64:a='255*lt(X,W/2)'"
    for name, codec, operation in (("film.mov", "qtrle", "convert"), ("picture.png", "png", "image_to_video")):
        clear = make(
            tmp_path / name, "-f", "lavfi", "-i", half, "-c:v", codec, *(("-frames:v", "1") * (codec == "png"))
        )
        seen = frames(do(operation, clear, crf=4))[0]
        assert mean_color(seen[:, 40:]).max() < 4, name
        assert mean_color(seen[:, :24]) == pytest.approx((192, 48, 64), abs=4), name


@pytest.mark.parametrize(("suffix", "codec"), [("webm", "libvpx-vp9"), ("mov", "h264"), ("gif", "gif")])
def test_convert_writes_what_the_name_asks_for(do: Do, silent: Path, suffix: str, codec: str) -> None:
    info = probe(do("convert", silent, suffix=suffix, preset="ultrafast"))
    assert info.video is not None
    assert info.video.codec in (codec, codec.removeprefix("libvpx-"))
    assert info.duration == pytest.approx(1, abs=0.02)


def test_a_gif_of_a_fast_film_is_as_long_and_no_frame_is_shown_for_less_than_players_can(
    do: Do, tmp_path: Path
) -> None:
    fast = numbered(tmp_path / "fast.mp4", 0.5, rate="120", size="48x26")
    with av.open(str(do("convert", fast, suffix="gif"))) as container:
        times = [float(frame.time) for frame in container.decode(video=0)]
    assert len(times) == 25
    assert np.diff(times) == pytest.approx(0.02)


def test_the_end_of_the_sound_of_a_transport_stream_is_kept(do: Do, tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "color=red:s=160x90:r=25:d=2,format=yuv420p")
    stream = make(tmp_path / "stream.ts", *picture, "-f", "lavfi", "-i", "sine=f=440:r=48000:d=2", "-c:a", "aac")
    assert probe(do("to_mp3", stream, suffix="mp3")).duration == pytest.approx(2, abs=0.05)


def test_sound_is_taken_out_as_it_is_where_the_container_can_hold_it(do: Do, film: Path) -> None:
    kept = do("extract_audio", film, suffix="m4a")
    assert packets(kept) == packets(film)
    told = [probe(path).audio for path in (kept, film)]
    assert [(each.profile, each.sample_rate, each.channel_layout, each.exact_duration) for each in told if each] == [
        ("LC", 48_000, "stereo", told[1] and told[1].exact_duration)
    ] * 2
    encoded = probe(do("extract_audio", film, suffix="flac"))
    assert encoded.video is None
    assert encoded.audio is not None
    assert (encoded.audio.codec, encoded.duration) == ("flac", pytest.approx(2, abs=0.03))


def test_an_mp3_has_the_bits_that_were_asked_for(do: Do, film: Path) -> None:
    info = probe(do("to_mp3", film, suffix="mp3", bitrate="128k"))
    assert info.audio is not None
    assert info.audio.codec.startswith("mp3")
    assert info.audio.bit_rate == 128_000
    assert info.duration == pytest.approx(2, abs=0.06)


def test_a_picture_is_shown_for_as_long_as_asked_at_an_even_size(do: Do, photo: Path) -> None:
    path = do("image_to_video", photo, duration=0.8)
    info = probe(path)
    assert info.video is not None
    assert (info.video.width, info.video.height, info.video.pixel_format) == (160, 90, "yuv420p")
    assert (info.video.frame_rate, info.video.frame_count, info.audio) == (25, 20, None)
    assert mean_color(frames(path)[-1]) == pytest.approx(np.array([254, 0, 0]), abs=4)


def test_a_turned_film_is_upright_after_converting(do: Do, film: Path, tmp_path: Path) -> None:
    turned = make(tmp_path / "turned.mp4", "-display_rotation", "90", "-i", str(film), "-c", "copy")
    info = probe(do("convert", turned))
    assert info.video is not None
    assert (info.video.width, info.video.height, info.video.rotation) == (90, 160, 0)


def test_a_film_that_is_turned_by_another_angle_is_turned_in_its_frame_and_keeps_its_shape(
    do: Do, film: Path, tmp_path: Path
) -> None:
    askew = make(tmp_path / "askew.mp4", "-display_rotation", "30", "-i", str(film), "-c", "copy")
    right = make(tmp_path / "right.png", "-i", str(askew), "-frames:v", "1")
    [turned], seen = frames(right), frames(do("convert", askew, crf=4, preset="ultrafast"))[0]
    assert np.abs(seen.astype(int) - turned).mean() < 4
    assert next(read_pictures(askew, probe(askew).streams[0])).small(160).shape == (90, 160)


def test_a_picture_that_moves_is_a_film(do: Do, tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc=s=128x64:r=10:d=0.5", "-c:v", "libsvtav1", "-preset", "12")
    moving = make(tmp_path / "moving.avif", *picture, "-svtav1-params", "log-level=0")
    assert probe(moving).kind == "video"
    info = probe(do("convert", moving, preset="ultrafast")).video
    assert info is not None and info.frame_count == 5


def test_a_converted_film_has_the_frames_of_the_film(do: Do, film: Path) -> None:
    assert read_numbers(do("convert", film)) == list(range(60))


@pytest.mark.parametrize(("suffix", "codec"), [("mp4", "copy"), ("avi", "mpeg4")])
def test_no_frame_is_lost_of_a_picture_that_begins_a_little_late(
    do: Do, film: Path, tmp_path: Path, suffix: str, codec: str
) -> None:
    late = ("-i", str(film), "-itsoffset", "0.05", "-i", str(film), "-map", "1:v", "-map", "0:a", "-c:a", "copy")
    source = make(tmp_path / f"late.{suffix}", *late, "-c:v", codec, "-q:v", "2")
    numbers = read_numbers(do("convert", source, crf=4))
    assert sorted(set(numbers)) == list(range(60))
    assert numbers == sorted(numbers)


def test_sound_that_begins_late_is_kept_to_its_end(do: Do, film: Path, tmp_path: Path) -> None:
    late = ("-i", str(film), "-itsoffset", "0.5", "-i", str(film), "-map", "0:v", "-map", "1:a", "-c", "copy")
    heard = sound(do("extract_audio", make(tmp_path / "late.mp4", *late), suffix="wav"))
    assert len(heard) == pytest.approx(2.5 * 48_000, abs=1500)
    assert loudness_at(heard, 0, 0.45, 440) < 0.001
    assert loudness_at(heard, 2.3, 2.45, 440) > 0.05
