"""Rendered kompositions, measured: every frame and sample is where the document says. (`render` checks counts and lengths.)"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from shared.kompositions import MissingMedia, SourceMedia, UnusableMedia, compile_komposition, parse_komposition
from shared.kompositions.graph.shots import MAX_REPEATS
from tests.shared.kompositions.documents import clip, document, music, segment, transition
from tests.shared.kompositions.graph.conftest import Render
from tests.shared.media.clips import frames, loudness_at, make, mean_color, numbers, plain, sound

RED, GREEN, BLUE, BLACK = (254, 0, 0), (0, 255, 0), (0, 0, 254), (0, 0, 0)


def colors(path: Path) -> list[tuple[float, ...]]:
    return [tuple(mean_color(frame)) for frame in frames(path)]


def near(color: tuple[float, ...], expected: tuple[float, ...], tolerance: float = 6) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(color, expected, strict=True))


def test_segments_cut_exactly_on_their_beats(render: Render) -> None:
    body = document(segment("a", "video", 0, 1), segment("b", "still", 1, 2.5), segment("c", "other", 2.5, 4))
    shown = colors(render(body).path)
    for number, color in enumerate(shown):
        assert near(color, RED if number < 30 else BLUE if number < 75 else GREEN), number


def test_a_gap_is_black_and_silent(render: Render) -> None:
    rendered = render(document(segment("a", "video", 1, 2), segment("b", "other", 3, 4)))
    shown = colors(rendered.path)
    for number, color in enumerate(shown):
        assert near(color, (BLACK, RED, BLACK, GREEN)[number // 30]), number
    samples = sound(rendered.path)
    assert np.abs(samples[:47_000]).max() < 0.01
    assert loudness_at(samples, 1.1, 1.9, 440) > 0.1
    assert np.abs(samples[98_000:142_000]).max() < 0.01
    assert loudness_at(samples, 3.1, 3.9, 880) > 0.1


def test_a_crossfade_blends_in_its_middle_and_nowhere_else(render: Render) -> None:
    body = document(
        segment("a", "video", 0, 3), segment("b", "other", 3, 5), transitions=(transition("crossfade", "a", "b", 1),)
    )
    shown = colors(render(body).path)
    assert len(shown) == 150
    assert all(near(color, RED) for color in shown[:60])
    assert near(shown[75], (127, 127, 0), 12)
    assert all(near(color, GREEN) for color in shown[90:])
    reds = [color[0] for color in shown[60:90]]
    assert all(later <= earlier + 1 for earlier, later in pairwise(reds))


def test_sound_crosses_with_the_picture(render: Render) -> None:
    body = document(
        segment("a", "video", 0, 3), segment("b", "other", 3, 5), transitions=(transition("crossfade", "a", "b", 1),)
    )
    samples = sound(render(body).path)
    assert loudness_at(samples, 0.5, 1.5, 440) > 0.1
    assert loudness_at(samples, 0.5, 1.5, 880) < 0.002
    assert loudness_at(samples, 2.4, 2.6, 440) > 0.05
    assert loudness_at(samples, 2.4, 2.6, 880) > 0.05
    assert loudness_at(samples, 3.2, 4.8, 440) < 0.002
    assert loudness_at(samples, 3.2, 4.8, 880) > 0.1


def test_many_transitions_in_a_row_stay_on_the_grid(render: Render) -> None:
    names = ["video", "still", "other", "video", "still", "other", "video"]
    kinds = ["crossfade", "gradient_wipe", "fadeblack", "wipeleft", "circleopen", "dissolve"]
    body = document(
        *(segment(str(n), name, 2 * n, 2 * n + 2) for n, name in enumerate(names)),
        transitions=tuple(transition(kind, str(n), str(n + 1), 0.5) for n, kind in enumerate(kinds)),
    )
    shown = colors(render(body).path)
    expected = {"video": RED, "still": BLUE, "other": GREEN}
    for n, name in enumerate(names):
        for number in range(60 * n, 60 * n + (45 if n < 6 else 60)):
            assert near(shown[number], expected[name]), (n, number)


def test_a_gradient_wipe_comes_from_the_left(render: Render) -> None:
    body = document(
        segment("a", "video", 0, 2),
        segment("b", "still", 2, 3),
        transitions=(transition("gradient_wipe", "a", "b", 1),),
    )
    middle = frames(render(body).path)[45]
    assert near(tuple(mean_color(middle[:, :80])), BLUE, 20)
    assert near(tuple(mean_color(middle[:, -80:])), RED, 20)


def test_a_trim_shows_the_named_frames(render: Render, sources: dict[str, SourceMedia]) -> None:
    rendered = render(document(segment("a", "tall", 0, 1, sourceStart=1)))
    assert numbers(rendered.path, sources["tall"].path) == list(range(30, 60))


@pytest.mark.parametrize(("source_seconds", "slot"), [(1.0, 2.0), (2.0, 1.0), (2.5, 0.5), (0.5, 3.0)])
def test_a_stretch_shows_the_piece_from_first_to_last(
    render: Render, sources: dict[str, SourceMedia], source_seconds: float, slot: float
) -> None:
    body = document(segment("a", "tall", 0, slot, sourceStart=0.2, sourceDuration=source_seconds))
    shown = numbers(render(body).path, sources["tall"].path)
    expected = [6 + number * source_seconds / slot for number in range(len(shown))]
    assert all(abs(a - b) <= 1 + source_seconds / slot / 2 for a, b in zip(shown, expected, strict=True))
    assert shown == sorted(shown)


def test_a_stretch_keeps_the_pitch(render: Render) -> None:
    samples = sound(render(document(segment("a", "video", 0, 4, sourceDuration=2.0))).path)
    assert loudness_at(samples, 1, 3, 440) > 0.05
    assert loudness_at(samples, 1, 3, 220) < 0.02


def test_a_loop_repeats_the_piece(render: Render, sources: dict[str, SourceMedia]) -> None:
    body = document(segment("a", "tall", 0, 2.5, sourceStart=1, sourceDuration=1.0, fit="loop"))
    assert numbers(render(body).path, sources["tall"].path) == [30 + n % 30 for n in range(75)]


def test_a_freeze_holds_the_last_frame_silently(render: Render, sources: dict[str, SourceMedia]) -> None:
    body = document(segment("a", "tall", 0, 2, sourceStart=1, sourceDuration=1.0, fit="freeze"))
    assert numbers(render(body).path, sources["tall"].path) == [*range(30, 60), *([59] * 30)]
    samples = sound(render(document(segment("a", "video", 0, 2, sourceDuration=1.0, fit="freeze"))).path)
    assert np.abs(samples[50_000:]).max() < 0.01


def test_a_small_video_is_shown_inside_the_frame_and_its_shape_is_kept(render: Render, tmp_path: Path) -> None:
    tall = plain(tmp_path / "tall.mp4", "white", 2, size="90x160")
    for scale, bars in (("contain", 0), ("cover", 255), ("stretch", 255), ("blur", None)):
        frame = frames(render(document(segment("a", "video", 0, 1, scale=scale)), video=tall).path)[15]
        assert near(tuple(mean_color(frame[20:160, 120:200])), (255, 255, 255)), scale
        edge = float(frame[40:140, :60].mean())
        assert edge == pytest.approx(bars, abs=6) if bars is not None else 100 < edge < 240, scale


def test_a_turned_and_a_squeezed_video_are_upright_and_in_shape(render: Render, tmp_path: Path) -> None:
    half = "color=white:s=160x90:r=30:d=2,drawbox=w=80:h=90:color=black:t=fill"
    flat = make(tmp_path / "flat.mp4", "-f", "lavfi", "-i", half, "-pix_fmt", "yuv420p")
    turned = make(tmp_path / "turned.mp4", "-display_rotation", "90", "-i", str(flat), "-c", "copy")
    frame = frames(render(document(segment("a", "video", 0, 1)), video=turned).path)[10]
    lit = np.argwhere(frame.mean(axis=2) > 128)
    assert abs(lit[:, 1].min() - 109) <= 3
    assert abs(lit[:, 1].max() - 210) <= 3
    assert abs((lit[:, 0].max() - lit[:, 0].min()) - 89) <= 3, "the white half is above or below the black one"
    squeezed = plain(tmp_path / "squeezed.mkv", "white", 2, size="160x180")
    wide = make(tmp_path / "wide.mkv", "-i", str(squeezed), "-vf", "setsar=2", "-pix_fmt", "yuv420p")
    assert frames(render(document(segment("a", "video", 0, 1)), video=wide).path)[10].min() > 240


def test_odd_sizes_variable_rates_and_surround_sound_are_taken(render: Render, tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc2=s=333x187:r=30:d=4")
    tone = ("-f", "lavfi", "-i", "sine=f=440:d=4:r=44100", "-af", "pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0")
    gaps = ("-vf", "select='not(mod(n,3))+lt(n,20)'", "-fps_mode", "vfr", "-pix_fmt", "yuv444p")
    odd = make(tmp_path / "odd.mkv", *picture, *tone, *gaps)
    body = document(segment("a", "video", 0, 2), segment("b", "video", 2, 3, sourceStart=1.9))
    rendered = render(body, video=odd)
    samples = sound(rendered.path)
    assert loudness_at(samples, 0.2, 2.8, 440) > 0.05
    assert rendered.info.video is not None
    assert rendered.info.video.pixel_format == "yuv420p"


def test_picture_and_sound_that_start_late_stay_together(render: Render, tmp_path: Path) -> None:
    flash = "color=black:s=320x180:r=30:d=4,drawbox=color=white:t=fill:enable='between(t,2,2.2)'"
    beep = "sine=f=440:d=4:r=48000,volume=enable='not(between(t,2,2.2))':volume=0"
    late = ("-f", "lavfi", "-i", flash, "-itsoffset", "0.5", "-f", "lavfi", "-i", beep)
    path = make(tmp_path / "late.mkv", *late, "-map", "0", "-map", "1", "-pix_fmt", "yuv420p", "-c:a", "flac")
    rendered = render(document(segment("a", "video", 0, 2, sourceStart=1.5)), video=path)
    white = [number for number, color in enumerate(colors(rendered.path)) if color[0] > 128]
    assert (white[0], white[-1]) == (15, 21)
    loud = np.flatnonzero(np.abs(sound(rendered.path)) > 0.05) / 48_000
    assert loud[0] == pytest.approx(1.0, abs=0.03)
    assert loud[-1] == pytest.approx(1.2, abs=0.03)


def test_music_is_heard_under_the_sound_and_fades(render: Render) -> None:
    track = music(clip("m", "music", volume=0.5, fadeIn=1, fadeOut=1, end=4))
    samples = sound(render(document(segment("a", "video", 0, 4), audio=(track,))).path)
    assert loudness_at(samples, 1.5, 2.5, 220) > 0.1
    assert loudness_at(samples, 1.5, 2.5, 440) > 0.1
    assert loudness_at(samples, 0, 0.1, 220) < 0.3 * loudness_at(samples, 1.5, 2.5, 220)
    assert loudness_at(samples, 3.9, 4, 220) < 0.3 * loudness_at(samples, 1.5, 2.5, 220)


def test_music_that_is_too_short_ends_in_silence(render: Render) -> None:
    audio = (music(clip("m", "music", sourceStart=28)),)
    samples = sound(render(document(segment("a", "video", 0, 4), audio=audio, mix={"originalVolume": 0})).path)
    assert loudness_at(samples, 0.5, 1.5, 220) > 0.2
    assert np.abs(samples[100_000:]).max() < 0.01


def test_volumes_and_muting_count(render: Render) -> None:
    body = document(
        segment("a", "video", 0, 1, volume=0.5), segment("b", "video", 1, 2), segment("c", "video", 2, 3, muted=True)
    )
    samples = sound(render(body).path)
    half, whole, muted = (loudness_at(samples, at + 0.2, at + 0.8, 440) for at in (0, 1, 2))
    assert half == pytest.approx(whole / 2, rel=0.05)
    assert muted < 0.002


def test_nothing_ever_clips(render: Render) -> None:
    body = document(segment("a", "video", 0, 2), audio=(music(volume=4.0),), mix={"originalVolume": 4})
    assert np.abs(sound(render(body).path)).max() < 1.0


def test_ducking_lowers_the_music_while_there_is_sound(render: Render) -> None:
    body = document(segment("a", "video", 0, 3), segment("b", "tall", 3, 6), audio=(music(ducking={}),))
    samples = sound(render(body).path)
    assert loudness_at(samples, 1, 2.5, 220) < 0.6 * loudness_at(samples, 4.5, 5.8, 220)


@pytest.mark.parametrize("fps", [23.976, 25, 29.97, 50, 12.5])
def test_any_rate_and_tempo_gives_the_planned_frames(render: Render, fps: float) -> None:
    body = document(
        segment("a", "video", 0, 3),
        segment("b", "still", 3, 5),
        segment("c", "other", 6, 8),
        transitions=(transition("crossfade", "a", "b", 0.7),),
        bpm=97.3,
        output={"fps": fps},
    )
    render(body)


def test_the_same_piece_twice_is_no_confusion(render: Render) -> None:
    piece = {"sourceStart": 1, "sourceDuration": 1.0}
    body = document(
        *(segment(str(n), "video", n, n + 1, **piece) for n in range(3)),
        segment("s", "still", 3, 4),
        segment("t", "still", 4, 5),
    )
    render(body)


def test_the_film_plays_everywhere(render: Render) -> None:
    rendered = render(document(segment("a", "video", 0, 1), segment("b", "still", 1, 2)))
    video = rendered.info.video
    assert video is not None
    assert (video.codec, video.pixel_format, video.color_space, video.color_range) == ("h264", "yuv420p", "bt709", "tv")
    head = rendered.path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat"), "it can play while it loads"


def test_a_missing_file_is_named_by_its_source(sources: dict[str, SourceMedia], tmp_path: Path) -> None:
    komposition = parse_komposition(document(segment("a", "video", 0, 1), segment("b", "other", 1, 2)))
    gone = {"video": sources["video"], "other": SourceMedia(tmp_path / "gone.mp4", sources["other"].info)}
    for media in ({"video": sources["video"]}, gone):
        with pytest.raises(MissingMedia) as caught:
            compile_komposition(komposition, media, tmp_path)
        assert [(e.pointer, e.code) for e in caught.value.errors] == [("/sources/1/assetId", "missing_media")]


@pytest.mark.parametrize(
    ("piece", "pointer", "code"),
    [
        ({"sourceStart": 7}, "/tracks/video/0/segments/0/sourceStart", "starts_after_end"),
        ({"sourceStart": 5}, "/tracks/video/0/segments/0/fit", "source_too_short"),
        ({"sourceStart": 5, "sourceDuration": 3.0}, "/tracks/video/0/segments/0/sourceDuration", "source_too_short"),
        ({"sourceDuration": 0.001}, "/tracks/video/0/segments/0/sourceDuration", "stretch_too_far"),
        (
            {"sourceDuration": 3.9 / (MAX_REPEATS + 1), "fit": "loop"},
            "/tracks/video/0/segments/0/sourceDuration",
            "loop_too_short",
        ),
    ],
)
def test_what_a_file_cannot_give_is_told(
    sources: dict[str, SourceMedia], piece: dict[str, object], pointer: str, code: str, tmp_path: Path
) -> None:
    with pytest.raises(UnusableMedia) as caught:
        compile_komposition(parse_komposition(document(segment("a", "video", 0, 4, **piece))), sources, tmp_path)
    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]


def test_files_without_picture_or_sound_are_told(sources: dict[str, SourceMedia], tmp_path: Path) -> None:
    komposition = parse_komposition(document(segment("a", "video", 0, 1)))
    with pytest.raises(UnusableMedia) as caught:
        compile_komposition(komposition, {**sources, "video": sources["music"]}, tmp_path)
    assert caught.value.errors[0].code == "no_picture"
    komposition = parse_komposition(document(segment("a", "video", 0, 1), audio=(music(),)))
    with pytest.raises(UnusableMedia) as caught:
        compile_komposition(komposition, {**sources, "music": sources["tall"]}, tmp_path)
    assert caught.value.errors[0].pointer == "/tracks/audio/0/clips/0/sourceId"
