"""What is wrong with a file is found where it is, and how like its source it looks, with either measure."""

from fractions import Fraction
from pathlib import Path

import pytest

from shared.media import Ffmpeg, RenderCancelled, RenderTimeout, find_ffmpeg, probe
from shared.media.quality import QualityReport, comparison, measure_quality
from tests.shared.media.clips import make

MOVING = "testsrc2=s=320x180:r=30:d={}"
SOUND = "sine=f=440:r=48000:d={},volume=12dB"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quality")


@pytest.fixture(scope="module")
def good(folder: Path) -> Path:
    """Four seconds that move and sound, well encoded."""
    return joined(folder / "good.mp4", [MOVING.format(4)], [SOUND.format(4)], "-crf", "8")


def joined(path: Path, pictures: list[str], sounds: list[str], *more: str) -> Path:
    """A file of pictures and sounds one after another."""
    inputs = [argument for source in [*pictures, *sounds] for argument in ("-f", "lavfi", "-i", source)]
    video = "".join(f"[{n}:v]" for n in range(len(pictures))) + f"concat=n={len(pictures)}:v=1:a=0[v]"
    places = range(len(pictures), len(pictures) + len(sounds))
    audio = "".join(f"[{n}:a]" for n in places) + f"concat=n={len(sounds)}:v=0:a=1[a]"
    options = ("-preset", "ultrafast", "-pix_fmt", "yuv420p", *more)
    return make(path, *inputs, "-filter_complex", f"{video};{audio}", "-map", "[v]", "-map", "[a]", *options)


def test_a_good_film_is_a_ten(good: Path) -> None:
    report = measure_quality(good)
    assert report.score == 10
    assert report.black is not None
    assert report.sound is not None
    assert (report.black.seconds, report.fidelity) == (0, None)
    assert report.sound.integrated == pytest.approx(-9.9, abs=0.5)
    assert report.sound.true_peak == pytest.approx(-6, abs=1)


def test_black_frozen_and_silent_parts_are_found_where_they_are(folder: Path) -> None:
    still = "color=blue:s=320x180:r=30:d=2"
    black = "color=black:s=320x180:r=30:d=1.5"
    silence = "anullsrc=r=48000:cl=mono:d=2"
    path = joined(folder / "bad.mp4", [MOVING.format(1), black, MOVING.format(1), still], [SOUND.format(2), silence])
    report = measure_quality(path)
    assert report.black is not None
    assert report.frozen is not None
    assert report.silent is not None
    [dark], [still_part], [quiet] = report.black.longest, report.frozen.longest, report.silent.longest
    assert (dark.start, dark.end) == pytest.approx((1.0, 2.5), abs=0.11)
    assert (still_part.start, still_part.end) == pytest.approx((3.5, 5.5), abs=0.21)
    assert (quiet.start, quiet.end) == pytest.approx((2.0, 4.0), abs=0.1)
    assert report.length_difference == pytest.approx(-1.5, abs=0.05)
    assert report.score < 7


def test_the_more_it_is_compressed_the_less_it_is_like_its_source(good: Path, folder: Path) -> None:
    scores = []
    for crf in ("20", "35", "48"):
        path = make(folder / f"crf{crf}.mp4", "-i", str(good), "-preset", "ultrafast", "-crf", crf)
        report = measure_quality(path, good)
        assert report.fidelity is not None
        assert report.fidelity.vmaf is not None
        assert report.fidelity.frames == 5
        scores.append((report.fidelity.vmaf, report.score))
    assert scores == sorted(scores, reverse=True)
    assert scores[0][0] > 90
    assert scores[-1][0] < 60


@pytest.fixture
def plainer(tmp_path: Path) -> Ffmpeg:
    """FFmpeg as it is built without libvmaf."""
    real = find_ffmpeg()
    program = tmp_path / "ffmpeg"
    program.write_text(
        f"""#!/bin/sh
case "$*" in *-filters*) "{real.path}" "$@" | grep -v libvmaf ;; *) exec "{real.path}" "$@" ;; esac
"""
    )
    program.chmod(0o755)
    return Ffmpeg(program, real.version)


def test_without_vmaf_ssim_and_psnr_are_measured(good: Path, folder: Path, plainer: Ffmpeg) -> None:
    same = measure_quality(good, good, ffmpeg=plainer).fidelity
    assert same is not None
    assert (same.vmaf, same.ssim, same.psnr) == (None, 1.0, 100.0)
    bad = make(folder / "worse.mp4", "-i", str(good), "-preset", "ultrafast", "-crf", "45")
    worse = measure_quality(bad, good, ffmpeg=plainer)
    assert worse.fidelity is not None
    assert worse.fidelity.ssim is not None
    assert worse.fidelity.psnr is not None
    assert worse.fidelity.ssim < 0.95
    assert worse.fidelity.psnr < 35
    assert worse.score < 10


def test_a_film_of_another_size_and_rate_is_compared_moment_by_moment(good: Path, folder: Path) -> None:
    smaller = make(
        folder / "small.mp4", "-i", str(good), "-vf", "scale=160:90,fps=24", "-preset", "ultrafast", "-crf", "10"
    )
    right = measure_quality(smaller, good).fidelity
    late = make(folder / "late.mp4", "-i", str(good), "-vf", "tpad=start=12:start_mode=clone,trim=end=4", "-crf", "10")
    wrong = measure_quality(late, good).fidelity
    assert right is not None
    assert wrong is not None
    assert right.vmaf is not None
    assert wrong.vmaf is not None
    assert right.vmaf > 70
    assert wrong.vmaf < right.vmaf - 20, "0.4 s late"


def test_a_recording_whose_frames_stand_long_is_compared_by_what_is_on_screen(good: Path, folder: Path) -> None:
    standing = ("-vf", "select='not(mod(n,25))'", "-fps_mode", "vfr", "-crf", "8", "-g", "3")
    screen = make(folder / "screen.mkv", "-i", str(good), *standing, "-preset", "ultrafast")
    even = make(folder / "even.mp4", "-i", str(screen), "-vf", "fps=30", "-preset", "ultrafast", "-crf", "8")
    found = measure_quality(even, screen).fidelity
    assert found is not None
    assert found.vmaf is not None
    assert found.vmaf > 90


def test_a_transport_stream_is_compared_wherever_its_key_frames_lie(good: Path, folder: Path) -> None:
    stream = make(folder / "stream.ts", "-i", str(good), "-preset", "ultrafast", "-crf", "8", "-g", "50")
    even = make(folder / "of-stream.mp4", "-i", str(good), "-preset", "ultrafast", "-crf", "8", "-an")
    found = measure_quality(even, stream).fidelity
    assert found is not None
    assert found.vmaf is not None
    assert found.vmaf > 90


def test_a_film_is_compared_where_its_reference_has_a_picture_though_sound_goes_on(folder: Path) -> None:
    for name, shown in (("one", ("-frames:v", "1")), ("some", ("-t", "0.5"))):
        silent = make(folder / f"{name}.mkv", "-f", "lavfi", "-i", MOVING.format(1), *shown, "-preset", "ultrafast")
        sound = ("-f", "lavfi", "-i", SOUND.format(3))
        heard = make(folder / f"{name}.mp4", "-i", str(silent), *sound, "-c:v", "copy", "-c:a", "aac")
        held = ("-filter_complex", "[0:v]tpad=stop=-1:stop_mode=clone[v]", "-map", "[v]", "-map", "0:a", "-t", "3")
        whole = make(folder / f"{name}-whole.mp4", "-i", str(heard), *held, "-preset", "ultrafast", "-crf", "8")
        found = measure_quality(whole, heard).fidelity
        assert found is not None, name
        assert found.vmaf is not None
        assert found.vmaf > 90


@pytest.mark.parametrize("size", ["16x2", "2x16", "480x2"])
def test_a_picture_may_be_as_small_as_there_are(folder: Path, size: str) -> None:
    small = make(folder / f"{size}.mp4", "-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d=0.4", "-pix_fmt", "yuv420p")
    report = measure_quality(small, small)
    assert report.fidelity is not None
    assert report.black is not None


def test_what_shows_something_else_is_not_compared(good: Path, folder: Path) -> None:
    square = make(folder / "square.mp4", "-i", str(good), "-vf", "crop=180:180", "-preset", "ultrafast")
    short = make(folder / "short.mp4", "-i", str(good), "-t", "2", "-preset", "ultrafast")
    assert measure_quality(square, good).fidelity is None
    assert measure_quality(short, good).fidelity is None


def test_a_sound_has_only_what_can_be_heard(folder: Path) -> None:
    path = make(folder / "sound.mp3", "-f", "lavfi", "-i", SOUND.format(2))
    report = measure_quality(path)
    assert (report.black, report.frozen, report.length_difference, report.fidelity) == (None, None, None, None)
    assert report.sound is not None


def test_a_film_without_sound_has_only_what_can_be_seen(folder: Path) -> None:
    report = measure_quality(make(folder / "mute.mp4", "-f", "lavfi", "-i", MOVING.format(1), "-preset", "ultrafast"))
    assert (report.sound, report.silent, report.score) == (None, None, 10)


def test_a_still_is_refused(folder: Path) -> None:
    path = make(folder / "still.png", "-f", "lavfi", "-i", MOVING.format(1), "-frames:v", "1")
    with pytest.raises(ValueError, match="still"):
        measure_quality(path)


def test_a_report_reads_back_as_it_was(good: Path) -> None:
    report = measure_quality(good, good)
    assert QualityReport.model_validate(report.to_json()) == report
    assert report.to_json()["score"] == report.score


def test_many_spans_are_all_counted_and_the_longest_listed() -> None:
    from shared.media.quality import Span, Spans

    spans = [Span(start=10 * n, end=10 * n + 1 + (n % 7)) for n in range(50)]
    told = Spans.of(spans)
    assert told.seconds == sum(span.end - span.start for span in spans)
    assert len(told.longest) == 20
    assert list(told.longest) == sorted(told.longest, key=lambda span: span.start)
    assert min(span.end - span.start for span in told.longest) >= 5


def test_measuring_stops_when_it_is_told_to_or_takes_too_long(good: Path) -> None:
    with pytest.raises(RenderCancelled):
        measure_quality(good, should_cancel=lambda: True)
    with pytest.raises(RenderTimeout):
        measure_quality(good, timeout=0)


def test_places_are_spread_over_the_film_and_few(good: Path) -> None:
    info = probe(good)
    hour = info.model_copy(update={"exact_duration": Fraction(3600)})
    asked = comparison.comparing(good, good, hour, None)
    starts = [float(asked.arguments[at + 1]) for at, word in enumerate(asked.arguments) if word == "-ss"][::2]
    assert asked.frames == 40
    assert starts == sorted(starts)
    assert starts[0] < 300
    assert starts[-1] > 3300
