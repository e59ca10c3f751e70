"""Joined films: every frame is the one that it was and where it should be, whatever its encoder had been told."""

import base64
import shutil
from fractions import Fraction
from pathlib import Path

import av
import pytest

from shared.media import UnreadableMedia
from shared.media.joining import Piece, join_pieces
from shared.media.packets import CodedPicture, read_picture
from tests.shared.media.clips import counted, lumas, make, numbers
from tests.web.browser import chromium

RATE = Fraction(30)
SETTINGS = {
    "deep": ("-preset", "medium", "-bf", "5", "-refs", "6", "-crf", "8"),
    "plain": ("-preset", "ultrafast", "-crf", "8"),
    "level": ("-preset", "veryfast", "-crf", "12", "-level", "5.1"),
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same 90 frames, each brighter than the one before, by encoders of different settings; a key frame every 15."""
    folder = tmp_path_factory.mktemp("joining")
    original = counted(folder / "original.mp4")
    return {
        name: make(folder / f"{name}.{'mkv' if name == 'level' else 'mp4'}", "-i", str(original), *options, "-g", "15")
        for name, options in SETTINGS.items()
    } | {"original": original}


def pieces_of(clips: dict[str, Path], *wanted: tuple[str, int, int]) -> tuple[list[Piece], dict[Path, CodedPicture]]:
    pieces = [Piece(clips[name], start, stop) for name, start, stop in wanted]
    return pieces, {piece.path: read_picture(piece.path, RATE) for piece in pieces}


MIXED = (("deep", 0, 30), ("plain", 30, 60), ("deep", 15, 45), ("level", 60, 90), ("plain", 0, 15), ("deep", 75, 90))
EXPECTED = [number for _, start, stop in MIXED for number in range(start, stop)]


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_pieces_of_different_encodings_show_every_frame_in_its_place(
    clips: dict[str, Path], tmp_path: Path, suffix: str
) -> None:
    output = tmp_path / f"film.{suffix}"
    container = {"mkv": "matroska"}.get(suffix, suffix)
    join_pieces(*pieces_of(clips, *MIXED), output, rate=RATE, container=container)
    assert numbers(output, clips["original"]) == EXPECTED
    with av.open(str(output)) as film:
        stream = film.streams.video[0]
        stamps = [frame.pts * stream.time_base * RATE for frame in film.decode(stream)]
    assert [round(stamp) for stamp in stamps] == list(range(len(EXPECTED)))
    assert all(abs(stamp - round(stamp)) < Fraction(1, 20) for stamp in stamps)


def test_a_browser_shows_every_frame_in_its_place(clips: dict[str, Path], tmp_path: Path) -> None:
    if not shutil.which("chromium"):
        pytest.skip("needs chromium (apt-get install chromium)")
    output = tmp_path / "film.mp4"
    join_pieces(*pieces_of(clips, *MIXED), output, rate=RATE, container="mp4")
    known = seen_in_browser(clips["deep"], range(90))
    # Backwards and forwards: a player must be able to begin anywhere.
    order = [*reversed(range(0, len(EXPECTED), 3)), *range(1, len(EXPECTED), 3), *range(2, len(EXPECTED), 3)]
    for place, luma in zip(order, seen_in_browser(output, order), strict=True):
        assert abs(luma - known[EXPECTED[place]]) <= 1, place


def seen_in_browser(film: Path, frames: "list[int] | range") -> list[float]:
    """The mean green of each of the frames, as Chromium's <video> shows it."""
    script = """async ([film, frames]) => {
        const video = document.createElement('video');
        video.muted = true;
        video.src = URL.createObjectURL(await (await fetch('data:video/mp4;base64,' + film)).blob());
        await new Promise((done, failed) => { video.onloadeddata = done; video.onerror = () => failed(video.error.message) });
        const canvas = new OffscreenCanvas(32, 18), context = canvas.getContext('2d', {willReadFrequently: true}), seen = [];
        for (const frame of frames) {
            const shown = new Promise(done => video.requestVideoFrameCallback(done));
            video.currentTime = (frame + 0.5) / 30;
            await new Promise(done => { video.onseeked = done });
            await shown;
            context.drawImage(video, 0, 0, 32, 18);
            const pixels = context.getImageData(0, 0, 32, 18).data;
            let sum = 0;
            for (let at = 1; at < pixels.length; at += 4) sum += pixels[at];
            seen.push(sum / (32 * 18));
        }
        return seen;
    }"""
    with chromium() as browser:
        encoded = base64.b64encode(film.read_bytes()).decode()
        seen: list[float] = browser.new_page().evaluate(script, [encoded, list(frames)])
        return seen


def test_pieces_of_one_encoding_are_its_packets(clips: dict[str, Path], tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    join_pieces(*pieces_of(clips, ("deep", 0, 45), ("deep", 45, 90)), output, rate=RATE, container="mp4")
    assert packets(output) == packets(clips["deep"])


def packets(path: Path) -> list[tuple[bytes, bool]]:
    with av.open(str(path)) as container:
        return [(bytes(packet), packet.is_keyframe) for packet in container.demux(video=0) if packet.size]


def test_sound_comes_along_as_it_is(clips: dict[str, Path], tmp_path: Path) -> None:
    sound, output = tmp_path / "sound.m4a", tmp_path / "film.mp4"
    make(sound, "-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac")
    join_pieces(*pieces_of(clips, ("deep", 0, 60)), output, rate=RATE, container="mp4", sound=sound)
    decoded = []
    for path in (sound, output):
        with av.open(str(path)) as container:
            decoded.append([(frame.pts, frame.to_ndarray().tobytes()) for frame in container.decode(audio=0)])
    assert decoded[0] == decoded[1]


@pytest.mark.parametrize("piece", [("deep", 1, 30), ("deep", 0, 91)])
def test_what_cannot_be_taken_out_whole_is_refused(
    clips: dict[str, Path], tmp_path: Path, piece: tuple[str, int, int]
) -> None:
    with pytest.raises(UnreadableMedia):
        join_pieces(*pieces_of(clips, piece), tmp_path / "film.mp4", rate=RATE, container="mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_key_frame_over_which_others_look_back_is_no_beginning(tmp_path: Path, clips: dict[str, Path]) -> None:
    clip = make(
        tmp_path / "open.mp4",
        "-i",
        str(clips["original"]),
        "-g",
        "15",
        "-bf",
        "3",
        "-x264-params",
        "open-gop=1:scenecut=0",
    )
    picture = read_picture(clip, RATE)
    assert 0 in picture.keys
    assert len(lumas(clip)) == picture.frames == 90
    assert not any(picture.has_whole(start, start + 15) for start in range(15, 75) if start not in picture.keys)
    with av.open(str(clip)) as container:
        flagged = sum(packet.is_keyframe for packet in container.demux(video=0) if packet.size)
    assert len(picture.keys) <= flagged


def test_a_variable_rate_is_refused(tmp_path: Path, clips: dict[str, Path]) -> None:
    clip = make(
        tmp_path / "uneven.mkv",
        "-i",
        str(clips["original"]),
        "-vf",
        "setpts=N/30/TB+gt(N\\,20)*0.011/TB",
        "-fps_mode",
        "vfr",
        "-enc_time_base",
        "1/1000",
    )
    with pytest.raises(UnreadableMedia, match="evenly"):
        read_picture(clip, RATE)
