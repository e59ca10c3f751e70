"""GPU: how busy the machine's accelerator is while a job works, as `nvidia-smi` tells it."""

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean
from tempfile import TemporaryFile

PERIOD_MS = 500
_SHARE = re.compile(r"\s*(\d{1,3})(?: ?%)?\s*")
_PARTS = "utilization.gpu,utilization.encoder,utilization.decoder"
"""What computes, encodes and decodes: parts of their own, of which the first says nothing about the others."""
_QUERY = (f"--query-gpu={_PARTS}", "--format=csv,noheader,nounits", f"--loop-ms={PERIOD_MS}")


@dataclass
class GpuUse:
    """Percent of the time in which the busiest part of the machine's GPUs worked, on average; None without one, or as long as
    unknown."""

    percent: float | None = None


@contextlib.contextmanager
def gpu_use() -> Iterator[GpuUse]:
    """Look at the GPUs twice a second inside; what was seen is there afterwards. Without `nvidia-smi` it costs nothing."""
    use, program = GpuUse(), shutil.which("nvidia-smi")
    if program is None:
        yield use
        return
    with TemporaryFile("w+") as told:
        sampler = subprocess.Popen([program, *_QUERY], stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.DEVNULL)
        try:
            yield use
        finally:
            sampler.terminate()
            sampler.wait()
            told.seek(0)
            use.percent = mean_share(told.read())


def mean_share(told: str) -> float | None:
    """The mean of the shares, in percent, that `nvidia-smi` told: a line a look, of which the busiest part counts. A part that
    cannot tell says [N/A]."""
    shares = [max(parts) for line in told.splitlines() if (parts := list(_parts(line)))]
    return round(fmean(shares), 1) if shares else None


def _parts(line: str) -> Iterator[float]:
    return (float(found[1]) for part in line.split(",") if (found := _SHARE.fullmatch(part)))
