"""How busy a GPU was is what nvidia-smi told; without one nothing is said."""

from pathlib import Path

import pytest

from jobs.gpu import gpu_use, mean_share
from tests.cloud import wait_for


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("0\n37\n100\n87\n", 56.0),
        ("utilization.gpu [%]\n41 %\n42 %\n", 41.5),
        ("[N/A]\n[N/A]\n", None),
        ("[Not Supported]\n", None),
        ("12\n[N/A]\n", 12.0),
        ("3, 0, 14\n4, 60, 15\n", 37.0),
        ("3, [N/A], 14\n[N/A], [N/A], [N/A]\n", 14.0),
        ("No devices were found\n", None),
        (
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA "
            "driver is installed and running.\n\n",
            None,
        ),
        ("", None),
        ("55\n6", 30.5),
    ],
)
def test_the_mean_of_what_is_told(told: str, expected: float | None) -> None:
    assert mean_share(told) == expected


def test_without_a_gpu_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with gpu_use() as use:
        pass
    assert use.percent is None


def test_it_is_sampled_for_as_long_as_the_work_lasts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    asked = tmp_path / "asked"
    program.write_text(f'#!/bin/sh\necho 20\necho 40\necho "$@" > {asked}\nexec sleep 60\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with gpu_use() as use:
        wait_for(lambda: asked.exists() and asked.read_text(), "it is asked")
    assert use.percent == 30
    assert asked.read_text().split() == [
        "--query-gpu=utilization.gpu,utilization.encoder,utilization.decoder",
        *("--format=csv,noheader,nounits", "--loop-ms=500"),
    ]
