"""What there is, and what it says of itself; and that nothing in a name or a file can make it do something else."""

from pathlib import Path

import numpy as np
import pytest

from shared.media import RenderCancelled, probe
from shared.media.effects import describe_effects, effect_names
from shared.media.operations import (
    InvalidOperation,
    UnknownOperation,
    check_operation,
    describe_operations,
    find_operation,
    run_operation,
)
from shared.media.operations.kind import FilmCoding
from tests.shared.media.clips import frames, make, read_numbers
from tests.shared.media.operations.conftest import Do, ssim

NAMED = {
    *("convert", "extract_audio", "trim", "resize", "normalize_audio", "to_mp3", "replace_audio", "concatenate_simple"),
    *("image_to_video", "reverse", "gradient_wipe", "crossfade_transition", "opacity_transition"),
    *("leica_look", "leica_look_enhanced", "apply_leica_and_trim", "trim_and_replace_audio"),
    *("youtube_landscape", "instagram_square", "instagram_story", "tiktok_vertical", "twitter_landscape"),
    *("facebook_square", "cinema_wide", "podcast_enhancement", "rock_mastering", "edm_mastering"),
}


def test_every_operation_and_every_effect_is_there() -> None:
    names = [each.name for each in describe_operations()]
    assert len(names) == len(set(names))
    assert set(names) >= NAMED | set(effect_names())


def test_every_parameter_says_what_it_is() -> None:
    for described in describe_operations():
        assert described.description.endswith("."), described.name
        for name, schema in described.params["properties"].items():
            required = name in described.params.get("required", [])
            assert required or "default" in schema, f"{described.name}.{name} has no default"
        assert described.params["additionalProperties"] is False


def test_no_effect_has_a_parameter_of_the_encoder() -> None:
    coding = set(FilmCoding.model_json_schema()["properties"])
    for effect in describe_effects():
        assert not coding & set(effect.params.get("properties", {})), effect.name


def test_a_wrong_name_is_told_the_right_one() -> None:
    with pytest.raises(UnknownOperation, match="reverse"):
        find_operation("revers")


LEICA = (
    "curves=preset=vintage,eq=contrast=1.1:brightness=0.05:saturation=0.9:gamma=1.05,"
    "colorbalance=rs=0.1:gs=-0.05:bs=-0.1:rm=0.05:bm=-0.05:rh=-0.05:gh=0.05:bh=0.1,"
    "format=yuv420p,unsharp=5:5:0.8:3:3:0.4"
)
ENHANCED = (
    "eq=contrast=1.15:brightness=0.08:saturation=0.85:gamma=1.08,"
    "colorbalance=rs=0.15:gs=-0.08:bs=-0.15:rm=0.08:bm=-0.08:rh=-0.08:gh=0.08:bh=0.15,"
    "format=yuv420p,unsharp=5:5:1:3:3:0.6"
)


@pytest.mark.parametrize(("name", "by_hand"), [("leica_look", LEICA), ("leica_look_enhanced", ENHANCED)])
def test_a_look_is_what_its_filters_make_by_hand(do: Do, film: Path, folder: Path, name: str, by_hand: str) -> None:
    picture = "testsrc2=s=160x90:r=10:d=0.3,format=yuv420p,setparams=colorspace=bt709:range=tv"
    tags = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    source = make(folder / f"{name}.mp4", "-f", "lavfi", "-i", picture, "-crf", "4", *tags)
    reference = make(folder / f"{name}-by-hand.mp4", "-i", str(source), "-vf", by_hand, "-crf", "4", *tags)
    path = do(name, source, crf=4)
    middle = (slice(30, 60), slice(50, 110))
    ours, theirs, plain = (frames(each)[1][middle].mean(axis=(0, 1)) for each in (path, reference, source))
    assert np.abs(ours - theirs).max() < 8
    assert np.abs(ours - plain).max() > 10
    if name == "leica_look":
        assert ssim(path, reference) > 0.97
    looked = do(name, film)
    assert len(frames(looked)) == 60
    assert probe(looked).audio == probe(film).audio


def test_the_enhanced_look_darkens_the_corners(do: Do, folder: Path) -> None:
    gray = make(folder / "gray.mp4", "-f", "lavfi", "-i", "color=0x808080:s=160x90:r=10:d=0.3")
    frame = frames(do("leica_look_enhanced", gray))[1].astype(float)
    assert frame[:6, :6].mean() < frame[42:48, 77:83].mean() - 20


@pytest.mark.parametrize(
    "name", ["-y", "-i.mp4", "a'b\"c;$(id) .mp4", "100%d_%03d.mp4", "C:\\clip:1.mp4", "file:x.mp4"]
)
def test_names_are_only_names(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    source, output = Path(name), Path(f"{name}.mp4")
    source.write_bytes(film.read_bytes())
    run_operation("trim", [source], {"duration": 0.1, "preset": "ultrafast"}, output)
    assert read_numbers(tmp_path / output) == [0, 1, 2]
    assert {path.name for path in tmp_path.iterdir()} == {source.name, output.name}


@pytest.mark.parametrize("name", ["-y.png", "100%03d.png", "a:b'c.png"])
def test_names_of_pictures_are_no_patterns(photo: Path, tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes(photo.read_bytes())
    run_operation("image_to_video", [source], {"duration": 0.2}, tmp_path / "out.mp4")
    assert len(frames(tmp_path / "out.mp4")) == 5


@pytest.mark.parametrize("value", ["1;rm -rf x", "0.5,drawtext=text=x", "[x]", "$(id)", "'"])
def test_parameters_are_only_values(film: Path, tmp_path: Path, value: str) -> None:
    for name, parameter in (("trim", "start"), ("trim", "preset"), ("resize", "fit"), ("curves", "master")):
        with pytest.raises(InvalidOperation) as caught:
            run_operation(name, [film], {parameter: value}, tmp_path / "out.mp4")
        assert any(error.pointer.startswith("/params") for error in caught.value.errors)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_media_is_refused_at_its_place(film: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("#EXTM3U\nhttp://127.0.0.1/secret\n")
    empty = tmp_path / "empty.mp4"
    empty.touch()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(film.read_bytes()[: film.stat().st_size // 3])
    files = [film, text, tmp_path / "missing.mp4", empty, cut]
    with pytest.raises(InvalidOperation) as caught:
        run_operation("concatenate_simple", files, {}, tmp_path / "out.mp4")
    assert [error.pointer for error in caught.value.errors] == [f"/inputs/{place}" for place in (1, 2, 3, 4)]
    assert str(tmp_path) not in " ".join(error.detail for error in caught.value.errors)
    assert not (tmp_path / "out.mp4").exists()


def test_a_file_that_is_not_what_is_needed_is_refused(film: Path, photo: Path, voice: Path, tmp_path: Path) -> None:
    for name, files, code in (
        ("resize", [voice], "no_video"),
        ("leica_look", [photo], "no_video"),
        ("image_to_video", [film], "no_image"),
        ("trim", [photo], "no_media"),
    ):
        with pytest.raises(InvalidOperation) as caught:
            run_operation(name, files, {}, tmp_path / "out.mp4")
        assert (caught.value.errors[0].pointer, caught.value.errors[0].code) == ("/inputs/0", code)


def test_the_name_of_the_result_says_what_it_becomes(film: Path, tmp_path: Path) -> None:
    for suffix in ("txt", "mp3", ""):
        with pytest.raises(InvalidOperation) as caught:
            run_operation("trim", [film], {}, tmp_path / f"out.{suffix}".rstrip("."))
        assert [error.pointer for error in caught.value.errors] == ["/output"]
    assert check_operation("trim", [probe(film)], {}).container == "mp4"
    assert check_operation("extract_audio", [probe(film)], {}).container == "m4a"


def test_progress_rises_to_the_end_and_a_stop_leaves_nothing(film: Path, voice: Path, tmp_path: Path) -> None:
    told: list[float] = []
    made = run_operation("normalize_audio", [voice], {}, tmp_path / "out.m4a", on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert made.size == (tmp_path / "out.m4a").stat().st_size
    assert made.cpu_seconds > 0
    assert made.peak_memory > 1_000_000
    with pytest.raises(RenderCancelled):
        run_operation("resize", [film], {"width": 3840}, tmp_path / "big.mp4", should_cancel=lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["out.m4a"]
