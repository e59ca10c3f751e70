"""The sentence that a person gets when FFmpeg fails: what is wrong with which file, and what to do."""

import signal
from pathlib import Path

import pytest

from shared.media import FfmpegKilled, Limits, OutOfMemory, OutOfSpace, OutputTooLarge, RenderFailed, run_graph
from shared.media.messages import failure
from tests.shared.media.clips import make, plain


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In a folder whose name may not be told: a film, and the same film damaged in several ways."""
    folder = tmp_path_factory.mktemp("secret place")
    film = plain(folder / "holiday.mp4", "red", 1).read_bytes()
    (folder / "cut.mp4").write_bytes(film[: len(film) // 2])
    start = film.index(b"mdat") + 4
    (folder / "scrambled.mp4").write_bytes(film[:start] + bytes(range(7, 256)) * 2 + film[start + 498 :])
    (folder / "notes.mp4").write_text("#EXTM3U\n#EXTINF:1,\nholiday.mp4\n")
    make(folder / "words.mkv", "-i", str(folder / "holiday.mp4"), "-c:v", "ffv1")
    scrambled = (folder / "words.mkv").read_bytes().replace(b"FFV1", b"QQQ1").replace(b"V_MS/VFW", b"V_UNCODE")
    (folder / "words.mkv").write_bytes(scrambled.replace(b"V_FFV1", b"V_QQQ1"))
    return folder


FAILURES = {
    "a missing file": (
        ("-i", "gone.mp4"),
        "gone.mp4 is not there any more. Upload it again.",
    ),
    "a file cut short": (
        ("-i", "cut.mp4"),
        "cut.mp4 is damaged or incomplete. Play it on your own machine first; if it plays, export it as MP4 and upload that.",
    ),
    "a playlist": (
        ("-f", "hls", "-i", "notes.mp4"),
        "notes.mp4 is of a kind that is not opened: playlists, scripts and addresses are not. Use the media file itself.",
    ),
    "a film without a whole frame": (
        ("-i", "scrambled.mp4"),
        "A source is damaged: nothing of it can be decoded. Export it again, as MP4 (H.264, AAC), and use that.",
    ),
    "nothing for the result to hold": (
        ("-i", "holiday.mp4", "-vn"),
        "The sources have neither picture nor sound that the result can hold. Choose others, or another kind of file.",
    ),
    "a codec without a decoder": (
        ("-i", "words.mkv", "-map", "0:v"),
        "A source is coded as none, which cannot be decoded here. Export it as MP4 (H.264, AAC) and use that.",
    ),
    "an encoder that this build lacks": (
        ("-i", "holiday.mp4", "-c:v", "libfancy"),
        "This FFmpeg has no encoder libfancy. Choose another codec, or install a full build.",
    ),
    "a filter that this build lacks": (
        ("-i", "holiday.mp4", "-vf", "frobnicate"),
        "This FFmpeg has no filter frobnicate. Install a full build of it.",
    ),
    "an option that a filter lacks": (
        ("-i", "holiday.mp4", "-vf", "scale=frob=3"),
        "FFmpeg's filter scale has no option frob. Leave it out.",
    ),
    "a stream that is not there": (
        ("-i", "holiday.mp4", "-map", "0:a"),
        "A source lacks the picture or the sound that is taken from it. Choose one that has it, or do without.",
    ),
    "a pad of a stream that is not there": (
        ("-i", "holiday.mp4", "-filter_complex", "[0:a]volume=2[a]", "-map", "[a]"),
        "A source lacks the picture or the sound that is taken from it. Choose one that has it, or do without.",
    ),
    "a pixel format that does not exist": (
        ("-i", "holiday.mp4", "-pix_fmt", "yuv999"),
        "There is no pixel format yuv999. Choose another, such as yuv420p.",
    ),
    "an odd size": (
        ("-i", "holiday.mp4", "-vf", "scale=321:181", "-pix_fmt", "yuv420p"),
        "321 x 181 pixels cannot be coded: both must be even. Choose even numbers.",
    ),
    "an absurd size": (
        ("-i", "holiday.mp4", "-vf", "scale=100000:100000"),
        "A picture of 100000 x 100000 pixels is more than can be handled. Choose a smaller one.",
    ),
    "a preset that does not exist": (
        ("-i", "holiday.mp4", "-preset", "frantic"),
        "FFmpeg could not make the result: Error setting preset/tune frantic/(null).",
    ),
    "a container for other codecs": (
        ("-i", "holiday.mp4", "-c:v", "prores_ks", "-f", "webm"),
        "FFmpeg could not make the result: Only VP8 or VP9 or AV1 video and Vorbis or Opus audio and WebVTT subtitles "
        "are supported for WebM.",
    ),
    "a sample rate that an encoder lacks": (
        ("-f", "lavfi", "-i", "sine=d=1", "-ar", "7", "-c:a", "aac"),
        "FFmpeg could not make the result: Specified sample rate 7 is not supported by the aac encoder",
    ),
    "a crop beyond the picture": (
        ("-i", "holiday.mp4", "-vf", "crop=900:900"),
        "FFmpeg could not make the result: Invalid too big or non positive size for width '900' or height '900'",
    ),
    "a file of a filter that is missing": (
        ("-i", "holiday.mp4", "-vf", "subtitles=/some/where/words.srt"),
        "FFmpeg could not make the result: Unable to open words.srt",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_in_a_sentence(folder: Path, tmp_path: Path, name: str) -> None:
    given, sentence = FAILURES[name]
    arguments = [str(folder / part) if part.endswith((".mp4", ".mkv")) else part for part in given]
    output = tmp_path / "out.mp4"
    options = [] if "webm" in given else ["-f", "mp4"]
    with pytest.raises(RenderFailed) as caught:
        run_graph([*arguments, *options, str(output)], duration=1, output=output)
    assert caught.value.detail == sentence


@pytest.mark.parametrize(
    ("status", "said", "error", "sentence"),
    [
        (-signal.SIGKILL, "", FfmpegKilled, "FFmpeg was killed, most likely because the machine ran out of memory."),
        (
            244,
            "[vf#0:0 @ 0x1] Error: Cannot allocate memory\n",
            OutOfMemory,
            "The machine has not enough memory. Use smaller",
        ),
        (-signal.SIGXFSZ, "", OutputTooLarge, "The render was stopped: its result grew over 2 MiB."),
        (
            228,
            "[out#0/mp4 @ 0x1] Error writing trailer: No space left on device\n",
            OutOfSpace,
            "There is no room left",
        ),
        (
            -signal.SIGSEGV,
            "[h264 @ 0x1] no frame!\n",
            RenderFailed,
            "FFmpeg crashed (SIGSEGV), most likely over a damaged",
        ),
        (187, "", RenderFailed, "FFmpeg ended with status 187 and no reason."),
        (
            255,
            "[h264_nvenc @ 0x1] Cannot load libcuda.so.1\n",
            RenderFailed,
            "This machine has no GPU that can be used.",
        ),
        (255, "[h264_nvenc @ 0x1] No capable devices found\n", RenderFailed, "This machine has no GPU that encodes."),
    ],
)
def test_an_end_without_words_is_told_too(status: int, said: str, error: type[RenderFailed], sentence: str) -> None:
    caught = failure(status, said, Limits(output=2 << 20))
    assert type(caught) is error
    assert caught.detail.startswith(sentence)


def test_complaints_of_a_decoder_are_not_the_cause() -> None:
    said = (
        "[h264 @ 0x1] error while decoding MB 6 0\n[h264 @ 0x2] cbp too large (48) at 9 3\n"
        "[vist#0:0/h264 @ 0x3] [dec:h264 @ 0x4] Error submitting packet to decoder: Invalid data found\n"
        "[h264 @ 0x1] no frame!\n[libx264 @ 0x5] invalid thing\n    Last message repeated 1 times\n"
        "[libx264 @ 0x5] more about it\n    Last message repeated 2 times\n"
        "[vost#0:0/libx264 @ 0x6] [enc:libx264 @ 0x7] Error while opening encoder - maybe incorrect parameters\n"
        "[vf#0:0 @ 0x8] Task finished with error code: -22 (Invalid argument)\n"
    )
    assert failure(234, said).detail == "FFmpeg could not make the result: invalid thing"


def test_no_folder_of_the_machine_is_told() -> None:
    said = "[x @ 0x1] cannot read '/srv/my files/a b/film.mp4' nor /tmp/job-1/other.mp4: bad\n"
    names = {"/srv/my files/a b/film.mp4": "film.mp4"}
    detail = failure(1, said, names=names).detail
    assert detail == "FFmpeg could not make the result: cannot read 'film.mp4' nor other.mp4: bad"
