"""What `probe` tells of good files, and how it refuses the others."""

import os
import time
import zlib
from fractions import Fraction
from pathlib import Path
from struct import pack

import pytest

from shared.media import MediaInfo, UnreadableMedia, probe
from tests.shared.media.clips import make, numbered

TEST = ("-f", "lavfi", "-i", "testsrc2=s=320x240:r=30000/1001:d=2", "-pix_fmt", "yuv420p", "-preset", "ultrafast")
TONE = ("-f", "lavfi", "-i", "sine=f=440:r=44100:d=2")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("probe") / "film.mp4", *TONE, *TEST, "-ac", "2", "-movflags", "+faststart")


def test_a_video_with_sound_is_described(film: Path) -> None:
    info = probe(film)
    assert (info.kind, info.is_still, info.size) == ("video", False, film.stat().st_size)
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.codec, info.video.width, info.video.height) == ("h264", 320, 240)
    assert info.video.frame_rate == Fraction(30000, 1001)
    assert info.video.frame_count == 60
    assert not info.video.variable_frame_rate
    assert (info.audio.codec, info.audio.sample_rate, info.audio.channels) == ("aac", 44100, 2)
    assert abs(info.exact_duration - 2) < Fraction(1, 20)


def test_the_json_is_camel_case_and_reads_back_equal(film: Path) -> None:
    info = probe(film)
    told = info.to_json()
    assert told["isStill"] is False
    assert told["duration"] == info.duration
    assert MediaInfo.model_validate(told) == info


def test_a_phone_video_is_as_wide_as_its_viewer_sees_it(film: Path, tmp_path: Path) -> None:
    turned = make(tmp_path / "turned.mp4", "-display_rotation", "90", "-i", str(film), "-c", "copy")
    video = probe(turned).video
    assert video is not None
    assert (video.rotation, video.display_size) == (90, (240, 320))


def test_stretched_pixels_count_in_the_display_size(tmp_path: Path) -> None:
    path = make(tmp_path / "anamorphic.mp4", *TEST, "-vf", "setsar=4/3", "-frames:v", "20")
    video = probe(path).video
    assert video is not None
    assert video.display_size == (427, 240)


def test_a_variable_frame_rate_is_noticed(tmp_path: Path) -> None:
    gaps = ("-vf", "select='not(mod(n,2))+lt(n,20)'", "-fps_mode", "vfr")
    video = probe(make(tmp_path / "variable.mp4", *TEST, *gaps)).video
    assert video is not None
    assert video.variable_frame_rate


def test_frames_that_stand_for_many_are_of_a_variable_rate_though_they_stand_alike(tmp_path: Path) -> None:
    standing = ("-vf", "select='not(mod(n,25))'", "-fps_mode", "vfr")
    video = probe(make(tmp_path / "screen.mkv", *TEST, *standing)).video
    assert video is not None
    assert video.variable_frame_rate


def test_interlaced_pictures_are_noticed(film: Path, tmp_path: Path) -> None:
    coded = ("-t", "1", "-an", "-c:v", "libx264", "-preset", "ultrafast", "-x264-params", "tff=1")
    fields = make(tmp_path / "fields.mp4", "-i", str(film), *coded)
    found = [probe(path).video for path in (film, fields)]
    assert [video is not None and video.interlaced for video in found] == [False, True]


def test_a_picture_is_a_still_whatever_its_name(film: Path, tmp_path: Path) -> None:
    for codec, suffix in (("png", ".png"), ("mjpeg", ".jpg"), ("libwebp", ".webp"), ("bmp", ".bmp"), ("tiff", ".tif")):
        picture = make(tmp_path / f"picture{suffix}", "-i", str(film), "-frames:v", "1", "-c:v", codec)
        odd = picture.rename(tmp_path / "100%03d of a picture.dat")
        info = probe(odd)
        assert info.is_still, suffix
        assert (info.kind, info.exact_duration) == ("image", 0)


def test_a_song_with_a_cover_is_sound(film: Path, tmp_path: Path) -> None:
    cover = make(tmp_path / "cover.png", "-i", str(film), "-frames:v", "1")
    maps = ("-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic")
    song = make(tmp_path / "song.mp3", "-i", str(film), "-i", str(cover), *maps)
    assert probe(song).kind == "audio"


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_one_picture_under_a_sound_is_a_film_whose_picture_is_short(tmp_path: Path, suffix: str) -> None:
    picture = ("-f", "lavfi", "-i", "color=red:s=64x36:r=25:d=0.04")
    info = probe(make(tmp_path / f"song{suffix}", *picture, *TONE, "-c:a", "aac", "-pix_fmt", "yuv420p"))
    assert info.video is not None
    assert (info.kind, info.video.frame_rate, info.video.exact_duration) == ("video", 25, Fraction(1, 25))
    assert info.duration == pytest.approx(2, abs=0.05)


def test_tracks_that_neither_show_nor_sound_are_passed_over(film: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    font = ("-attach", str(words), "-metadata:s:t", "mimetype=font/ttf")
    for suffix, more in (
        (".mp4", ("-c:s", "mov_text")),
        (".mkv", ("-c:s", "srt", *font)),
        (".mov", ("-c:s", "mov_text", "-timecode", "01:00:00:00")),
    ):
        path = make(tmp_path / f"film{suffix}", "-i", str(film), "-i", str(words), "-c", "copy", *more)
        assert [stream.kind for stream in probe(path).streams] == ["video", "audio"], suffix


def test_a_recording_without_a_stated_length_is_measured(tmp_path: Path) -> None:
    path = make(tmp_path / "live.mkv", *TEST, "-live", "1", "-f", "matroska")
    assert abs(probe(path).exact_duration - 2) < Fraction(1, 10)


@pytest.mark.parametrize(
    "coded", [("-c:a", "aac", "-f", "adts"), ("-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0")]
)
@pytest.mark.parametrize("loud", ["lt(t,6)", "gte(t,6)"])
def test_a_sound_whose_header_tells_no_length_is_measured_whatever_bits_it_begins_with(
    tmp_path: Path, coded: tuple[str, ...], loud: str
) -> None:
    half = f"aevalsrc='if({loud},0.3*random(0),0)':d=12:s=44100"
    info = probe(make(tmp_path / "sound.mp3", "-f", "lavfi", "-i", half, *coded))
    assert info.duration == pytest.approx(12, abs=0.06)
    assert info.audio is not None
    assert info.audio.exact_duration == info.exact_duration


def test_a_surround_track_is_told_with_its_layout(tmp_path: Path) -> None:
    path = make(tmp_path / "surround.flac", "-f", "lavfi", "-i", "anullsrc=cl=5.1:r=48000:d=1")
    audio = probe(path).audio
    assert audio is not None
    assert (audio.channels, audio.channel_layout) == (6, "5.1")


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableMedia) as caught:
        probe(path)
    assert caught.value.detail.endswith(".")
    assert str(path.parent) not in caught.value.detail
    return caught.value.detail


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of an ISO base media file."""
    return pack(">I4s", 8 + sum(map(len, parts)), kind) + b"".join(parts)


def tiled(tiles: int) -> bytes:
    """A HEIC picture of 64 x 64 tiles beside each other, as phones save them; there is nothing in the tiles."""
    count, whole = tiles.to_bytes(2), (tiles + 1).to_bytes(2)
    infos = [box(b"infe", pack(">IHH4sB", 2 << 24 | 1, item + 1, 0, b"hvc1", 0)) for item in range(tiles)]
    infos.append(box(b"infe", pack(">IHH4sB", 2 << 24, tiles + 1, 0, b"grid", 0)))
    made_of = box(b"dimg", whole, count, *((item + 1).to_bytes(2) for item in range(tiles)))
    sizes = [box(b"ispe", pack(">III", 0, width, 64)) for width in (64, 64 * tiles)]
    uses = [pack(">HBB", item + 1, 1, 1 + item // tiles) for item in range(tiles + 1)]
    looks = box(b"iprp", box(b"ipco", *sizes), box(b"ipma", pack(">II", 0, tiles + 1), *uses))
    places = [pack(">HHHHII", item + 1, item // tiles, 0, 1, 0, 8) for item in range(tiles + 1)]
    meta = (
        box(b"hdlr", pack(">II4s13x", 0, 0, b"pict")),
        box(b"pitm", bytes(4), whole),
        box(b"iinf", bytes(4), whole, *infos),
        box(b"iref", bytes(4), made_of),
        looks,
        box(b"idat", pack(">BBBBHH", 0, 0, 0, tiles - 1, 64 * tiles, 64)),
        box(b"iloc", pack(">IBBH", 1 << 24, 0x44, 0, tiles + 1), *places),
    )
    return box(b"ftyp", b"heic", bytes(4), b"mif1heic") + box(b"meta", bytes(4), *meta) + box(b"mdat", bytes(64))


@pytest.mark.parametrize("tiles", [2, 100])
def test_a_picture_in_tiles_is_refused_and_not_taken_for_one_of_them(tmp_path: Path, tiles: int) -> None:
    path = tmp_path / "phone.heic"
    path.write_bytes(tiled(tiles))
    assert "HEIC" in refusal(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    assert "empty" in refusal(path)


@pytest.mark.parametrize(
    "content", [b"Dear diary,\nthis is no film.\n" * 500, os.urandom(200_000), b"\0" * 100_000, b"\x1a"]
)
def test_what_is_not_media_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    refusal(path)


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, kept: float, suffix: str) -> None:
    options = ("-movflags", "+faststart") if suffix == ".mp4" else ()
    noise = ("-f", "lavfi", "-i", "testsrc2=s=320x240:r=30:d=30,noise=alls=20:allf=t", "-preset", "ultrafast")
    whole = make(tmp_path / f"whole{suffix}", *noise, "-pix_fmt", "yuv420p", "-crf", "45", *options).read_bytes()
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(whole[: int(len(whole) * kept)])
    refusal(path)


def test_the_end_that_matroska_lacks_is_noticed_however_short(tmp_path: Path) -> None:
    film = numbered(tmp_path / "film.mp4", 3, more=("-f", "lavfi", "-i", "sine=d=3", "-c:a", "aac"))
    for suffix in (".mkv", ".webm"):
        coded = () if suffix == ".mkv" else ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")
        whole = make(tmp_path / f"whole{suffix}", "-i", str(film), *coded).read_bytes()
        path = tmp_path / f"cut{suffix}"
        path.write_bytes(whole[: len(whole) * 4 // 5])
        assert "cut short" in refusal(path), suffix
        path.write_bytes(whole[:-8])
        assert probe(path).duration == pytest.approx(3, abs=0.05), "only its index is damaged"


@pytest.mark.parametrize(
    ("suffix", "coded"),
    [
        (".flv", ("-c:v", "flv1", "-ar", "44100")),
        (".mxf", ("-c:v", "mpeg2video", "-r", "25", "-ar", "48000")),
        (".wmv", ("-c:v", "wmv2", "-c:a", "wmav2")),
        (".aiff", ("-vn",)),
    ],
)
def test_the_end_that_any_other_file_lacks_is_noticed(tmp_path: Path, suffix: str, coded: tuple[str, ...]) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc=s=64x48:r=10:d=9", "-f", "lavfi", "-i", "sine=d=9")
    path = make(tmp_path / f"film{suffix}", *picture, *coded)
    whole = path.read_bytes()
    assert probe(path).duration == pytest.approx(9, abs=0.1)
    for share in (0.3, 0.6):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert "cut short" in refusal(path), share


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "nothing.mp4")
    refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.mp4")
    refusal(tmp_path / "pipe.mp4")


def test_a_picture_of_absurd_size_is_refused_without_decoding_it(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))
    started = time.monotonic()
    refusal(path)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{secret}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    ],
)
def test_a_playlist_cannot_make_us_open_other_files(film: Path, tmp_path: Path, playlist: str) -> None:
    path = tmp_path / "innocent.mp4"
    path.write_text(playlist.format(secret=film))
    refusal(path)


@pytest.mark.parametrize("late", ["0.4", "3", "30"])
def test_matroska_that_begins_late_is_as_long_as_it_plays(tmp_path: Path, late: str) -> None:
    film = numbered(tmp_path / "film.mp4", 2)
    path = make(tmp_path / "late.mkv", "-itsoffset", late, "-i", str(film), "-c", "copy", "-copyts")
    assert probe(path).duration == pytest.approx(2.0, abs=0.01)


def test_a_film_that_was_cut_without_encoding_is_still_seen(tmp_path: Path) -> None:
    """An edit list hides its beginning, and with it the only key frame that there is."""
    film = numbered(tmp_path / "film.mp4", 2, more=("-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac", "-g", "250"))
    cut = probe(make(tmp_path / "cut.mp4", "-ss", "0.5", "-i", str(film), "-c", "copy"))
    assert cut.kind == "video"
    assert cut.video is not None
    assert cut.video.exact_duration == pytest.approx(1.5, abs=0.05)


def test_a_picture_that_ends_long_before_its_sound_is_measured_in_matroska(tmp_path: Path) -> None:
    film = numbered(tmp_path / "film.mp4", 0.5)
    sound = ("-f", "lavfi", "-i", "sine=d=12")
    long = probe(make(tmp_path / "long.mkv", "-i", str(film), *sound, "-c:v", "copy", "-c:a", "aac"))
    assert long.video is not None
    assert long.video.exact_duration == pytest.approx(0.5, abs=0.01)
    assert long.exact_duration == pytest.approx(12, abs=0.1)


def test_frames_that_an_edit_list_hides_are_not_counted(tmp_path: Path) -> None:
    film = numbered(tmp_path / "film.mp4", 2, more=("-g", "15", "-bf", "2"))
    cut = probe(make(tmp_path / "cut.mp4", "-ss", "0.53", "-i", str(film), "-c", "copy"))
    assert cut.video is not None
    assert cut.video.frame_count == 44


def test_a_stream_that_begins_late_says_when(tmp_path: Path) -> None:
    film = str(numbered(tmp_path / "film.mp4", 1, more=("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")))
    for late, suffix in ((0, ".mp4"), (0, ".mkv"), (1, ".mp4"), (1, ".mkv")):
        inputs = ("-i", film, "-itsoffset", "0.5", "-i", film, "-map", f"{late}:v", "-map", f"{1 - late}:a")
        info = probe(make(tmp_path / f"late-{late}{suffix}", *inputs, "-c", "copy"))
        assert info.video is not None
        assert info.audio is not None
        starts = (0.5, 0) if late else (0, 0.5)
        assert [float(each.start) for each in (info.video, info.audio)] == pytest.approx(starts, abs=0.03), suffix


def test_a_program_stream_is_as_long_as_its_last_frame_is_seen(tmp_path: Path) -> None:
    coded = ("-c:v", "mpeg1video", "-q:v", "2")
    path = make(tmp_path / "film.mpg", "-i", str(numbered(tmp_path / "film.mp4", 2, rate="25")), *coded)
    assert probe(path).exact_duration == 2


def test_a_file_whose_clock_jumps_is_refused_where_nothing_would_be_in_its_place(tmp_path: Path) -> None:
    film = numbered(tmp_path / "film.mp4", 2)
    one, other = (
        make(tmp_path / f"{at}.ts", "-i", str(film), "-c", "copy", "-output_ts_offset", at).read_bytes()
        for at in ("0", "60")
    )
    for parts in (one + other, other + one, one + one):
        path = tmp_path / "joined.ts"
        path.write_bytes(parts)
        assert "clock of the file jumps by" in refusal(path)


def test_an_animated_picture_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    film = numbered(tmp_path / "film.mp4", 0.2)
    assert "animated WebP" in refusal(make(tmp_path / "film.webp", "-i", str(film), "-c:v", "libwebp_anim"))
