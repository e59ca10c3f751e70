"""What a GPU does is found by letting it, and what it was asked for is what it does or an error."""

import stat
from pathlib import Path

import pytest

from shared.media import Ffmpeg, find_ffmpeg
from shared.media.encoders import Accelerator, NoAccelerator, choose, probe_accelerator

L4 = Accelerator("nvenc", frozenset({"h264", "h265", "av1"}), scales=True)
T4 = Accelerator("nvenc", frozenset({"h264", "h265"}), scales=True)
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
    script = 'case "$*" in *av1_nvenc*) echo "[av1_nvenc @ 0x1] Codec not supported" >&2; exit 1;; esac'
    assert probe_accelerator(stand_in(tmp_path / "ffmpeg", script)) == T4


def test_a_gpu_that_encodes_and_does_not_scale_is_told_from_one_that_does(tmp_path: Path) -> None:
    script = 'case "$*" in *scale_cuda*) echo "No such filter: scale_cuda" >&2; exit 1;; esac'
    found = probe_accelerator(stand_in(tmp_path / "ffmpeg", script))
    assert (found.name, found.scales, found.reason) == ("nvenc", False, "No such filter: scale_cuda")


def test_it_is_tried_once_in_the_life_of_a_process(tmp_path: Path) -> None:
    ffmpeg = stand_in(tmp_path / "ffmpeg", "exit 0")
    assert probe_accelerator(ffmpeg) == probe_accelerator(ffmpeg) == L4
    assert len(Path(f"{ffmpeg.path}.runs").read_text().split()) == 4


def test_this_machine_says_what_it_has() -> None:
    found = probe_accelerator(find_ffmpeg())
    assert (found.name == "none") == (not found.codecs)
    assert found.codecs or found.reason
