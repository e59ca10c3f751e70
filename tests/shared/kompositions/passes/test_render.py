"""Rendering in passes: what an edit does not touch is copied, bit for bit; the film is the same however it is made."""

from pathlib import Path

import pytest

from shared.kompositions import SourceMedia
from shared.kompositions.passes import LocalCache, RenderOptions, RenderProgress, StepKind, render
from shared.media import RenderCancelled, probe
from tests.shared.kompositions.documents import beats, clip, music
from tests.shared.kompositions.passes.conftest import Film, decode, likeness

ENCODE_ALL = RenderOptions(copy_sources=False)


def test_after_an_edit_only_what_has_changed_is_encoded(
    film: Film, media: dict[str, SourceMedia], cache: LocalCache, tmp_path: Path
) -> None:
    first, again, fresh = (tmp_path / name for name in ("first.mp4", "again.mp4", "fresh.mp4"))
    edited = film(change={3: {"effects": [{"type": "leica_look"}]}})
    whole = render(film(), media, [first], cache=cache, options=ENCODE_ALL)
    assert [step.kind for step in whole.plan.steps] == [StepKind.ENCODE]
    after = render(edited, media, [again], cache=cache, options=ENCODE_ALL)
    [encoded] = [step for step in after.plan.steps if step.kind is StepKind.ENCODE]
    assert after.plan.cached_frames == 720 - encoded.frames
    assert encoded.start <= 360
    assert encoded.stop >= 480
    assert encoded.frames <= 300

    render(edited, media, [fresh], options=ENCODE_ALL)
    old, new, full = decode(first), decode(again), decode(fresh)
    untouched = [*range(encoded.start), *range(encoded.stop, 720)]
    assert [new.frames[n] for n in untouched] == [old.frames[n] for n in untouched]
    assert new.stamps == full.stamps == old.stamps
    assert new.sound == full.sound
    assert likeness(again, fresh) > 35
    assert probe(again).exact_duration == probe(fresh).exact_duration


def test_an_unchanged_film_is_copied_whole(
    film: Film, media: dict[str, SourceMedia], cache: LocalCache, tmp_path: Path
) -> None:
    first, again = tmp_path / "first.mp4", tmp_path / "again.mp4"
    render(film(), media, [first], cache=cache)
    after = render(film(), media, [again], cache=cache)
    assert {step.kind for step in after.plan.steps} == {StepKind.COPY_CACHED, StepKind.COPY_SOUND, StepKind.JOIN}
    assert decode(again) == decode(first)


def test_segments_that_move_are_copied_to_where_they_are_now(
    film: Film, media: dict[str, SourceMedia], cache: LocalCache, tmp_path: Path
) -> None:
    first, again = tmp_path / "first.mp4", tmp_path / "again.mp4"
    render(film(8), media, [first], cache=cache, options=ENCODE_ALL)
    change = {n: {"start": beats(4 * n - 1), "end": beats(4 * n + 3)} for n in range(1, 8)}
    komposition = film(8, change={0: {"end": beats(3)}, **change})
    after = render(komposition, media, [again], cache=cache, options=ENCODE_ALL)
    assert after.plan.cached_frames >= 480
    old, new = decode(first), decode(again)
    [encoded] = [step for step in after.plan.steps if step.kind is StepKind.ENCODE]
    assert new.frames[encoded.stop :] == old.frames[encoded.stop + 30 :]


def test_windows_of_a_film_give_the_film(film: Film, media: dict[str, SourceMedia], tmp_path: Path) -> None:
    one, many = tmp_path / "one.mp4", tmp_path / "many.mp4"
    transitions = ({"type": "crossfade", "fromSegment": "s2", "toSegment": "s3", "duration": {"beats": 1}},)
    komposition = film(transitions=transitions)
    render(komposition, media, [one], options=ENCODE_ALL)
    options = RenderOptions(copy_sources=False, most_inputs=2)
    in_windows = render(komposition, media, [many], options=options)
    assert sum(step.kind is StepKind.ENCODE for step in in_windows.plan.steps) >= 3
    whole, joined = decode(one), decode(many)
    assert joined.stamps == whole.stamps
    assert joined.sound == whole.sound
    assert likeness(one, many) > 35


def test_several_outputs_are_made_from_one_graph_and_cached_together(
    film: Film, media: dict[str, SourceMedia], cache: LocalCache, tmp_path: Path
) -> None:
    outputs = [
        {"width": 320, "height": 180, "preset": "ultrafast"},
        {"width": 180, "height": 320, "preset": "ultrafast", "container": "mkv", "scale": "cover"},
        {"container": "mp3"},
    ]
    paths = [tmp_path / name for name in ("wide.mp4", "tall.mkv", "sound.mp3")]
    render(film(3, outputs=outputs), media, paths, cache=cache)
    wide, tall = (decode(path) for path in paths[:2])
    edited = film(3, change={2: {"effects": [{"type": "leica_look"}]}}, outputs=outputs)
    after = render(edited, media, paths, cache=cache)
    assert after.plan.cached_frames >= 120
    infos = [probe(path) for path in paths]
    assert [info.video and (info.video.width, info.video.height) for info in infos] == [(320, 180), (180, 320), None]
    assert all(abs(info.duration - 12) < 0.1 for info in infos)
    untouched = range(after.plan.cached_frames)
    for path, before in ((paths[0], wide), (paths[1], tall)):
        now = decode(path)
        assert [now.frames[n] for n in untouched] == [before.frames[n] for n in untouched]
        assert len(now.frames) == 360


def test_loudness_is_measured_then_reached(film: Film, media: dict[str, SourceMedia], tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    made = render(film(2, mix={"loudness": -20.0}), media, [output])
    assert made.plan.steps[0].kind is StepKind.MEASURE
    assert abs(_integrated(output) + 20) < 1


def _integrated(path: Path) -> float:
    from shared.media import run_graph

    arguments = ["-loglevel", "info", "-i", str(path), "-map", "0:a", "-af", "ebur128", "-f", "null", "-"]
    told = run_graph(arguments, duration=8, output=()).log
    return float(told.rpartition("I:")[2].split()[0])


def test_progress_over_all_passes_rises_to_one(film: Film, media: dict[str, SourceMedia], tmp_path: Path) -> None:
    seen: list[RenderProgress] = []
    options = RenderOptions(copy_sources=False, most_inputs=2)
    komposition = film(4, mix={"loudness": -20.0})
    render(komposition, media, [tmp_path / "film.mp4"], options=options, on_progress=seen.append)
    heard = [progress.fraction for progress in seen]
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    kinds = list(dict.fromkeys(progress.step for progress in seen))
    assert kinds == [StepKind.MEASURE, StepKind.ENCODE, StepKind.SOUND, StepKind.JOIN]


def test_a_cancelled_render_leaves_what_was_there(film: Film, media: dict[str, SourceMedia], tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    output.write_bytes(b"the film of yesterday")
    asked = 0

    def cancel() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(RenderCancelled):
        render(film(), media, [output], options=RenderOptions(copy_sources=False, most_inputs=1), should_cancel=cancel)
    assert output.read_bytes() == b"the film of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_a_cache_that_is_spoilt_or_emptied_is_done_without(
    film: Film, media: dict[str, SourceMedia], cache: LocalCache, tmp_path: Path
) -> None:
    first, again = tmp_path / "first.mp4", tmp_path / "again.mp4"
    render(film(3), media, [first], cache=cache, options=ENCODE_ALL)
    [stored] = (tmp_path / "cache" / "films").iterdir()
    stored.write_bytes(stored.read_bytes()[:5000])
    spoilt = render(film(3), media, [again], cache=cache, options=ENCODE_ALL)
    assert spoilt.plan.cached_frames == 0
    assert decode(again).frames == decode(first).frames
    for path in (tmp_path / "cache" / "films").iterdir():
        path.unlink()
    assert render(film(3), media, [again], cache=cache).plan.cached_frames == 0


def test_new_content_behind_the_same_name_is_encoded(
    film: Film, media: dict[str, SourceMedia], cache: LocalCache, tmp_path: Path
) -> None:
    output = tmp_path / "film.mp4"
    render(film(3), media, [output], cache=cache)
    swapped = {**media, "video": media["other"], "other": media["video"]}
    assert render(film(3), swapped, [output], cache=cache).plan.cached_frames == 0


def test_music_alone_changes_no_picture(
    film: Film, media: dict[str, SourceMedia], cache: LocalCache, tmp_path: Path
) -> None:
    output = tmp_path / "film.mp4"
    render(film(3), media, [output], cache=cache)
    before = decode(output)
    quiet = film(3, audio=(music(clip("m", "other", end=12), name="m", volume=0.2),))
    after = render(quiet, media, [output], cache=cache)
    assert after.plan.encoded_frames == 0
    now = decode(output)
    assert now.frames == before.frames
    assert now.sound != before.sound
