"""What a GPU does is found by letting it, and what it was asked for is what it does or an error."""

import stat
from pathlib import Path

import pytest

from shared.core.settings import engine_settings
from shared.media import Ffmpeg, find_ffmpeg
from shared.media.encoders import Accelerator, NoAccelerator, choose, probe_accelerator

DECODES = frozenset({"h264", "hevc", "av1", "vp9", "mpeg2video"})
L4 = Accelerator("nvenc", frozenset({"h264", "h265", "av1"}), DECODES, scales=True)
T4 = Accelerator("nvenc", frozenset({"h264", "h265"}), DECODES - {"av1"}, scales=True)
NONE = Accelerator("none", reason="Cannot load libcuda.so.1")


def stand_in(path: Path, script: str) -> Ffmpeg:
    """A binary that does what the script says, and counts its runs in a file beside it."""
    path.write_text(f"#!/bin/sh\necho run >> {path}.runs\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Ffmpeg(path, (9,))


def test_auto_takes_the_gpu_for_what_it_encodes() -> None:
    assert choose("auto", "h264", L4) == "gpu"
    assert choose("auto", "av1", T4) == "cpu"
    assert choose("auto", "vp9", L4) == "cpu"
    assert choose("auto", "h264", NONE) == "cpu"
    assert choose("cpu", "h264", L4) == "cpu"
    assert choose("gpu", "h265", T4) == "gpu"


def test_a_gpu_that_is_asked_for_and_not_there_is_an_error_that_says_what_is() -> None:
    with pytest.raises(NoAccelerator, match=r"Cannot load libcuda\.so\.1"):
        choose("gpu", "h264", NONE)
    with pytest.raises(NoAccelerator, match="it encodes h264, h265") as caught:
        choose("gpu", "av1", T4)
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/params/encoder", "no_gpu")]


def test_only_what_really_encoded_counts(tmp_path: Path) -> None:
    """As on a Turing card: no AV1; FFmpeg names the reason first and its consequences after."""
    script = 'case "$*" in *av1*) echo "[av1_nvenc @ 0x1] Codec not supported" >&2; exit 1;; esac'
    assert probe_accelerator(stand_in(tmp_path / "ffmpeg", script)) == T4


def test_a_gpu_without_encoders_still_decodes(tmp_path: Path) -> None:
    """As an H100, whose driver is also older than this FFmpeg wants it."""
    said = """[h264_nvenc @ 0x1] Driver does not support the required nvenc API version. Required: 13.1 Found: 13.0
[h264_nvenc @ 0x1] The minimum required Nvidia driver for nvenc is 610.00 or newer
[vost#0:0/h264_nvenc @ 0x1] [enc:h264_nvenc @ 0x1] Could not open encoder before EOF"""
    script = f"case \"$*\" in *nvenc*) echo '{said}' >&2; exit 218;; esac"
    found = probe_accelerator(stand_in(tmp_path / "ffmpeg", script))
    assert (found.name, found.codecs, found.decodes) == ("nvdec", frozenset(), DECODES)
    with pytest.raises(
        NoAccelerator, match=r"driver is too old .* they need 610\.00\. Install that, or let KOMPO_FFMPEG"
    ):
        choose("gpu", "h264", found)
    assert choose("auto", "h264", found) == "cpu"


def test_without_a_gpu_it_is_asked_for_nothing_more(tmp_path: Path) -> None:
    ffmpeg = stand_in(tmp_path / "ffmpeg", 'echo "[AVHWDeviceContext @ 0x1] Cannot load libcuda.so.1" >&2; exit 1')
    assert probe_accelerator(ffmpeg) == NONE
    assert len(Path(f"{ffmpeg.path}.runs").read_text().split()) == 1


def test_a_gpu_that_encodes_and_does_not_scale_is_told_from_one_that_does(tmp_path: Path) -> None:
    script = 'case "$*" in *scale_cuda*) echo "No such filter: scale_cuda" >&2; exit 1;; esac'
    found = probe_accelerator(stand_in(tmp_path / "ffmpeg", script))
    assert (found.name, found.scales, found.reason) == ("nvenc", False, "No such filter: scale_cuda")


def test_it_is_tried_once_in_the_life_of_a_process(tmp_path: Path) -> None:
    ffmpeg = stand_in(tmp_path / "ffmpeg", "exit 0")
    assert probe_accelerator(ffmpeg) == probe_accelerator(ffmpeg) == L4
    assert len(Path(f"{ffmpeg.path}.runs").read_text().split()) == 1 + 3 + 2 * len(DECODES) + 1


def test_where_processors_are_wanted_no_gpu_is_tried(tmp_path: Path) -> None:
    ffmpeg = stand_in(tmp_path / "ffmpeg", f"touch {tmp_path}/tried")
    assert not probe_accelerator(ffmpeg, wanted="cpu").codecs
    assert not (tmp_path / "tried").exists()


def test_an_ffmpeg_that_fits_the_driver_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = stand_in(tmp_path / "ffmpeg", "echo ffmpeg version 6.1.1")
    monkeypatch.setenv("KOMPO_FFMPEG", str(older.path))
    for kept in (engine_settings, find_ffmpeg):
        kept.cache_clear()
    try:
        assert find_ffmpeg() == Ffmpeg(older.path, (6, 1, 1))
    finally:
        monkeypatch.undo()
        for kept in (engine_settings, find_ffmpeg):
            kept.cache_clear()


def test_this_machine_says_what_it_has() -> None:
    found = probe_accelerator(find_ffmpeg())
    assert (found.name == "nvenc") == bool(found.codecs)
    assert (found.name == "none") == (not found.codecs and not found.decodes)
    assert found.codecs or found.reason
