"""Files of one conversation become a film: whoever talks is seen, everything sounds together, clocks are followed."""

import argparse
import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from shared.clips.multitrack import Multitrack, MultitrackLook, Recording, RecordingRole, build_multitrack
from shared.clips.multitrack.command import add_parser
from shared.clips.multitrack.composing import compose
from shared.clips.multitrack.pieces import pieces_of
from shared.clips.multitrack.recording import Placed, role_of
from shared.core.errors import InvalidInput
from shared.kompositions import Komposition, SourceMedia, compile_komposition, parse_komposition
from shared.media import MediaInfo, StreamInfo, probe, run_graph
from shared.media.syncing import Sync, align, hear
from tests.shared.clips.multitrack.conversations import Recorder, conversation, film
from tests.shared.media.clips import frames

RECORDERS = {
    "ann": Recorder(offset=0.0, seconds=40),
    "bob": Recorder(offset=1.7, seconds=40, drift=150),
    "shared screen": Recorder(offset=3.25, seconds=26),
}
COLORS = {"ann": "red", "bob": "lime", "shared screen": "blue"}
SMALL = MultitrackLook(width=160, height=90, fps=10)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Ann's and Bob's own recordings, and a screen with the sound of both."""
    folder = tmp_path_factory.mktemp("recordings")
    ann, bob = conversation()
    sounds = {"ann": ann, "bob": bob + 0.1 * ann, "shared screen": ann + bob}
    return {name: film(folder / f"{name}.mp4", sounds[name], RECORDERS[name], COLORS[name]) for name in sounds}


def recordings(files: dict[str, Path]) -> dict[Path, Recording]:
    return {
        path: Recording(name.split()[-1], name.title(), role_of(path.name), probe(path)) for name, path in files.items()
    }


@pytest.fixture(scope="module")
def made(files: dict[str, Path]) -> Multitrack:
    return build_multitrack(recordings(files), SMALL, title="A talk")


def test_every_recording_is_on_one_clock_to_ten_milliseconds(made: Multitrack) -> None:
    for placed, recorder in zip(made.placed, RECORDERS.values(), strict=True):
        assert placed.sync.found
        for own in (0, recorder.seconds):
            true = recorder.offset + own * (1 + recorder.drift / 1e6)
            assert float(placed.sync.reference(Fraction(own))) == pytest.approx(true, abs=0.010)
    assert float(made.placed[1].sync.drift) == pytest.approx(150, abs=15)


def test_layouts_follow_who_talks_and_what_is_shared(made: Multitrack) -> None:
    fps = 10
    told = [
        (layout.kind, layout.tracks, float(layout.start.value) / fps, layout.end and float(layout.end.value) / fps)
        for layout in made.komposition.layouts
    ]
    assert [each[:2] for each in told] == [
        ("full", ["ann"]),
        ("pip", ["screen", "ann"]),
        ("pip", ["screen", "bob"]),
        ("pip", ["screen", "ann"]),
        ("pip", ["screen", "bob"]),
        ("full", ["bob"]),
        ("full", ["ann"]),
        ("full", ["bob"]),
    ]
    starts = [each[2] for each in told]
    assert starts == pytest.approx([0, 3.25, 8.35, 13.85, 20.35, 29.25, 29.85, 40], abs=0.3)
    assert [each[3] for each in told[:-1]] == starts[1:], "there is always one"


def test_the_film_shows_the_one_who_talks(made: Multitrack, files: dict[str, Path], tmp_path: Path) -> None:
    output = rendered(made.komposition, recordings(files), tmp_path)
    shown = frames(output)
    for second, color in ((1, "red"), (32, "red"), (29.5, "lime")):
        assert color_at(shown[round(second * 10)], 0.5, 0.5) == color, second
    for second, corner in ((6, "red"), (11, "lime"), (17, "red"), (25, "lime")):
        frame = shown[round(second * 10)]
        assert color_at(frame, 0.4, 0.4) == "blue", second
        assert color_at(frame, 0.86, 0.86) == corner, second
    ann, bob = conversation()
    heard = hear(output)
    for voice in (ann, bob):
        sync = align(heard, voice)
        for moment in (5, 35):
            assert float(sync.reference(Fraction(moment))) == pytest.approx(moment, abs=0.010), "all sound together"


def rendered(komposition: Komposition, files: dict[Path, Recording], folder: Path) -> Path:
    media = {each.id: SourceMedia(path, each.info) for path, each in files.items()}
    graph = compile_komposition(komposition, media, folder)
    output = folder / "film.mp4"
    run_graph(graph.arguments([output]), duration=graph.duration, output=output, timeout=120)
    return output


def color_at(frame: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", x: float, y: float) -> str:
    high, wide = frame.shape[:2]
    parts = frame[int(y * high), int(x * wide)]
    return ("red", "lime", "blue")[int(np.argmax(parts))]


def test_only_the_speakers_own_microphones_are_heard_and_listeners_are_turned_down(made: Multitrack) -> None:
    tracks = {track.id: track for track in made.komposition.tracks.video}
    assert {name for name, track in tracks.items() if track.muted} == {"screen"}
    volume = tracks["bob"].segments[0].volume
    assert isinstance(volume, list)
    values = [keyframe.value for keyframe in volume]
    assert values[:4] == [0.2, 1, 1, 0.2], "Bob's assent is heard"
    assert values[-1] == 0.2
    assert isinstance(build_look(made, automix=False).tracks.video[0].segments[0].volume, float)


def build_look(made: Multitrack, **changes: object) -> Komposition:
    silence = np.full(900, -60.0), np.zeros(900, bool)
    look = SMALL.model_copy(update=changes)
    heard = {each.recording.id: silence for each in made.placed}
    return compose(made.placed, made.turns, heard, Fraction(42), look)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"arrangement": "speaker"}, {("full", 1)}),
        ({"arrangement": "screen"}, {("full", 1)}),
        ({"arrangement": "grid"}, {("full", 1), ("split", 2), ("grid", 3)}),
        ({"width": 90, "height": 160}, {("full", 1), ("split", 2)}),
    ],
)
def test_arrangements(made: Multitrack, changes: dict[str, object], kinds: set[tuple[str, int]]) -> None:
    komposition = build_look(made, **changes)
    assert {(layout.kind, len(layout.tracks)) for layout in komposition.layouts} == kinds
    seen = {name for layout in komposition.layouts for name in layout.tracks}
    assert ("screen" in seen) == (changes.get("arrangement") != "speaker")
    assert parse_komposition(komposition.to_json()) == komposition


def test_a_piece_is_never_five_milliseconds_off_and_begins_in_a_pause() -> None:
    info = MediaInfo(
        container="wav",
        exact_duration=Fraction(3600),
        size=1,
        streams=(StreamInfo(index=0, kind="audio", codec="pcm"),),
    )
    recording = Recording("ann", "Ann", RecordingRole.SPEAKER, info)
    placed = Placed(recording, Sync(Fraction(-5), Fraction(180), 1.0))
    levels = np.full(3600 * 20, -20.0)
    levels[::37] = -60.0
    rate = Fraction(30)
    pieces = list(pieces_of(placed, levels, rate, 3500 * 30))
    assert pieces[0].first == 0
    assert pieces[-1].end == 3500 * 30
    for before, after in pairwise(pieces):
        assert before.end == after.first
        assert levels[int(after.first / rate * 20)] == -60
    for piece in pieces:
        for frame in (piece.first, piece.end):
            shown = piece.source_start + (frame - piece.first) / rate
            assert abs(float(shown - placed.sync.own(frame / rate))) <= 0.00501


def test_recordings_that_make_no_film_are_refused(files: dict[str, Path]) -> None:
    told = recordings(files)
    one = dict(list(told.items())[:1])
    with pytest.raises(InvalidInput, match="from 2 to 12"):
        build_multitrack(one)
    screens = {path: Recording(each.id, each.name, RecordingRole.SCREEN, each.info) for path, each in told.items()}
    with pytest.raises(InvalidInput, match="of a speaker"):
        build_multitrack(screens)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("shared_screen_2026.mp4", RecordingRole.SCREEN),
        ("GMT_Recording_gallery_1920x1080.mp4", RecordingRole.MIX),
        ("audio mix.m4a", RecordingRole.MIX),
        ("Screen Share.mov", RecordingRole.SCREEN),
        ("audioAnnSmith21.m4a", RecordingRole.SPEAKER),
        ("mixon-dixon.mp4", RecordingRole.SPEAKER),
    ],
)
def test_names_tell_what_a_file_is_of(name: str, role: RecordingRole) -> None:
    assert role_of(name) is role


def command(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    chosen = parser.parse_args(["multitrack", *arguments])
    return int(chosen.run(chosen))


def test_the_command_writes_a_komposition_and_tells_how_to_see_it(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, paths = tmp_path / "talk.json", [str(path) for path in files.values()]
    assert command(*paths, "-o", str(output), "--name", f"{paths[0]}=Ann Smith", "--size", "160x90") == 0
    told = capsys.readouterr().out
    assert "screen   " in told
    assert f"--media shared-screen={paths[2]}" in told
    komposition = parse_komposition(json.loads(output.read_text()))
    assert [source.url for source in komposition.sources] == [path.name for path in files.values()]
    assert (komposition.output.width, komposition.output.fps) == (160, 10)


def test_the_command_says_what_is_wrong_with_how_it_was_called(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(files["ann"])
    assert command(path, "-o", str(tmp_path / "x.json"), "--size", "large") == 2
    assert "WIDTHxHEIGHT" in capsys.readouterr().err
    assert command(path, "-o", str(tmp_path / "x.json")) == 1
    assert "from 2 to 12 recordings" in capsys.readouterr().err
