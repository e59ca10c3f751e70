"""What is heard: clips on audio tracks, moving volumes, ducking, and the loudness that was asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.kompositions import Loudness, MediaGraph, SourceMedia, UnusableMedia, compile_komposition, parse_komposition
from shared.media import probe, run_graph
from tests.shared.kompositions.documents import beats, clip, document, music, segment, track
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import loudness, samples
from tests.shared.media.clips import loudness_at, make

QUIET = segment("picture", "still", 0, 4)


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """`music`: 220 Hz for 2 s; `video`: 440 Hz for 2 s, both at an amplitude of 0.25, without a picture."""
    folder = tmp_path_factory.mktemp("tones")
    return {
        name: make(
            folder / f"{name}.wav",
            "-f",
            "lavfi",
            "-i",
            f"sine=f={tone}:d=2:r=48000",
            "-af",
            "volume=2,pan=stereo|c0=c0|c1=c0",
        )
        for name, tone in (("music", 220), ("video", 440))
    }


def heard(graph: MediaGraph) -> NDArray[np.float64]:
    return samples(graph)[:, 0].astype(np.float64)


def film(*tracks: object, **more: object) -> dict[str, object]:
    """A silent picture of 4 s with audio tracks; the source `video` is sound here."""
    body = document(QUIET, audio=tracks, **more)
    body["sources"][0]["kind"] = "audio"
    return body


def test_clips_play_from_their_start_to_their_end_and_their_source_from_its(
    compiled: Compile, tones: dict[str, Path]
) -> None:
    sound = heard(compiled(film(music(clip("a", "music", 0.5, 1.5), clip("b", "video", 2, sourceStart=1.5))), **tones))
    assert len(sound) == 4 * 48_000
    for start, end, tone, loud in (
        (0, 0.49, 220, 0),
        (0.51, 1.49, 220, 0.25),
        (1.51, 1.99, 220, 0),
        (2.01, 2.49, 440, 0.25),
        (2.51, 4, 440, 0),
    ):
        assert loudness_at(sound, start, end, tone) == pytest.approx(loud, abs=0.005), (start, end)
    edges = np.flatnonzero(np.abs(sound) > 1e-4) / 48_000
    assert edges[0] == pytest.approx(0.5, abs=1e-3)
    assert edges[-1] == pytest.approx(2.5, abs=1e-3)


def test_clips_that_overlap_are_heard_together(compiled: Compile, tones: dict[str, Path]) -> None:
    sound = heard(compiled(film(music(clip("a", "music", 0, 2), clip("b", "video", 1, 2), volume=0.5)), **tones))
    assert loudness_at(sound, 1.1, 1.9, 220) == pytest.approx(0.125, abs=0.005)
    assert loudness_at(sound, 1.1, 1.9, 440) == pytest.approx(0.125, abs=0.005)
    assert loudness_at(sound, 0.1, 0.9, 440) < 0.005


def test_a_loop_is_repeated_and_a_stretch_keeps_its_pitch(compiled: Compile, tones: dict[str, Path]) -> None:
    piece = {"sourceDuration": 0.5}
    looped = heard(compiled(film(music(clip("a", "music", 0, 3, fit="loop", **piece))), **tones))
    assert np.allclose(looped[:24_000], looped[24_000:48_000], atol=1e-4)
    assert loudness_at(looped, 2.5, 3, 220) == pytest.approx(0.25, abs=0.01)
    assert np.abs(looped[3 * 48_000 + 500 :]).max() < 1e-4
    slow = heard(compiled(film(music(clip("a", "music", 0, 4, fit="stretch"))), **tones))
    assert loudness_at(slow, 1, 3, 220) > 0.15
    assert loudness_at(slow, 1, 3, 110) < 0.02


@pytest.mark.parametrize(
    ("easing", "middle"), [("linear", 0.5), ("hold", 0), ("ease_in", 0.25), ("ease_out", 0.75), ("ease_in_out", 0.5)]
)
def test_volume_moves_between_keyframes_as_their_easing_says(
    compiled: Compile, tones: dict[str, Path], easing: str, middle: float
) -> None:
    volume = [{"at": beats(0.5), "value": 0, "easing": easing}, {"at": beats(1.5), "value": 1}]
    sound = heard(compiled(film(music(clip("a", "music", 1, volume=volume))), **tones))
    assert np.abs(sound[: int(1.5 * 48_000)]).max() < 0.002
    assert loudness_at(sound, 1.98, 2.02, 220) / 0.25 == pytest.approx(middle, abs=0.04)
    assert loudness_at(sound, 2.6, 2.9, 220) == pytest.approx(0.25, abs=0.01)


def test_a_hundred_keyframes_are_not_too_many(compiled: Compile, tones: dict[str, Path]) -> None:
    volume = [{"at": {"frames": number}, "value": number % 2, "easing": "hold"} for number in range(500)]
    sound = heard(compiled(film(music(clip("a", "music", 0, fit="loop", volume=volume))), **tones))
    assert loudness_at(sound, 1 / 30 + 0.008, 2 / 30 - 0.008, 220) > 0.15
    assert np.abs(sound[int(2 / 30 * 48_000) + 400 : int(3 / 30 * 48_000) - 400]).max() < 0.01


def test_a_track_is_ducked_under_the_tracks_it_names(compiled: Compile, tones: dict[str, Path]) -> None:
    speech = music(clip("s", "video", 1, 3), name="speech", role="speech")
    bed = {"clips": [clip("m", "music", fit="loop")], "id": "bed"}
    sound = heard(compiled(film(speech, {**bed, "ducking": {"under": ["speech"], "release": 100}}), **tones))
    assert loudness_at(sound, 0.2, 0.9, 220) == pytest.approx(0.25, abs=0.01)
    assert loudness_at(sound, 1.5, 2.8, 220) < 0.12
    assert loudness_at(sound, 3.6, 4, 220) == pytest.approx(0.25, abs=0.02)
    others = heard(compiled(film(speech, {**bed, "ducking": {}}), **tones))
    assert loudness_at(others, 1.5, 2.8, 220) == pytest.approx(0.25, abs=0.01), "there is no sound on video tracks"


def test_two_tracks_can_make_room_for_each_other(compiled: Compile, tones: dict[str, Path]) -> None:
    one = music(clip("a", "music", 0, 2), name="one", ducking={"under": ["two"]})
    two = music(clip("b", "video", 0, 2), name="two", ducking={"under": ["one"]})
    sound = heard(compiled(film(one, two), **tones))
    assert 0.02 < loudness_at(sound, 1, 1.9, 220) < 0.15
    assert len(sound) == 4 * 48_000


def test_the_mix_fades_at_the_films_ends_and_can_be_muted(compiled: Compile, tones: dict[str, Path]) -> None:
    bed = music(clip("m", "music", fit="loop"))
    sound = heard(compiled(film(bed, mix={"fadeIn": beats(1), "fadeOut": beats(2), "volume": 0.5}), **tones))
    assert loudness_at(sound, 1.2, 1.8, 220) == pytest.approx(0.125, abs=0.005)
    assert loudness_at(sound, 0.48, 0.52, 220) == pytest.approx(0.0625, abs=0.005)
    assert loudness_at(sound, 2.98, 3.02, 220) == pytest.approx(0.0625, abs=0.005)
    muted = compiled(film(bed, mix={"muted": True}), **tones)
    assert not samples(muted).any()
    assert str(tones["music"]) not in muted.arguments([Path("film.mp4")])


def test_effects_on_sound_are_heard_and_leave_the_length(compiled: Compile, tones: dict[str, Path]) -> None:
    low = music(clip("m", "music", fit="loop"), clip("v", "video", fit="loop"))
    effect = [{"type": "highpass", "params": {"frequency": 2000}}]
    plain, cut = (heard(compiled(body, **tones)) for body in (film(low), film({**low, "effects": effect})))
    assert len(cut) == len(plain) == 4 * 48_000
    assert loudness_at(cut, 1, 3, 220) < 0.2 * loudness_at(plain, 1, 3, 220)


def peaky(folder: Path) -> Path:
    """Quiet noise with loud clicks: made louder, its peaks would clip."""
    click = "0.03*(random(0)-0.5)+0.7*lt(mod(t,0.5),0.002)*sin(3000*t)"
    return make(folder / "peaky.wav", "-f", "lavfi", "-i", f"aevalsrc='{click}':s=48000:d=6", "-ac", "2")


@pytest.mark.parametrize(("kind", "target"), [("tone", -14.0), ("peaky", -23.0), ("peaky", -16.0)])
def test_the_loudness_asked_for_is_reached(
    sources: dict[str, SourceMedia], tmp_path: Path, kind: str, target: float
) -> None:
    path = sources["music"].path if kind == "tone" else peaky(tmp_path)
    media = sources | {"music": SourceMedia(path, probe(path))}
    output = {"container": "m4a", "audioBitrate": 256}
    body = document(
        segment("p", "still", 0, 6), audio=(music(),), mix={"loudness": target, "truePeak": -1.5}, outputs=[output]
    )
    komposition = parse_komposition(body)
    found: Loudness | None = None
    runs = 0
    while (graph := compile_komposition(komposition, media, tmp_path, loudness=found)).needs_loudness:
        result = run_graph(graph.loudness_arguments(), duration=graph.duration, output=(), timeout=60)
        found, runs = graph.measured(result.log), runs + 1
    film = tmp_path / "film.m4a"
    run_graph(graph.arguments([film]), duration=graph.duration, output=film, timeout=60)
    integrated, peak = loudness(film)
    assert integrated == pytest.approx(target, abs=1)
    assert peak <= -1.0
    assert runs <= 4
    assert kind == "peaky" or runs == 1


def test_silence_has_no_loudness_to_reach(compiled: Compile) -> None:
    graph = compiled(document(QUIET, mix={"loudness": -14.0}))
    result = run_graph(graph.loudness_arguments(), duration=graph.duration, output=(), timeout=60)
    assert graph.measured(result.log).gain_for(graph.mix) == 0
    assert not replace(graph, loudness=graph.measured(result.log)).needs_loudness


def test_a_file_without_sound_is_told_at_its_clip(compiled: Compile) -> None:
    with pytest.raises(UnusableMedia) as caught:
        compiled(document(segment("a", "video", 0, 1), audio=(music(clip("m", "tall"), name="x"),)))
    assert [(error.pointer, error.code) for error in caught.value.errors] == [
        ("/tracks/audio/0/clips/0/sourceId", "no_sound")
    ]
    with pytest.raises(UnusableMedia) as caught:
        compiled(document(segment("a", "video", 0, 1), audio=(music(clip("m", "music", sourceStart=99)),)))
    assert caught.value.errors[0].pointer == "/tracks/audio/0/clips/0/sourceStart"


def test_a_muted_video_track_is_silent(compiled: Compile) -> None:
    graph = compiled(document(video=(track("v", segment("a", "video", 0, 1), muted=True),)))
    assert not samples(graph).any()
