"""Workplace: the folder of a task, with the source that it works on and what it has made of it."""

import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from shared.assets import Asset, download_to, get_asset
from shared.core.clock import now
from shared.core.errors import Conflict
from shared.jobs import Job, read_controls
from shared.media import find_ffmpeg
from shared.media.encoders import Accelerator, Encoder, choose, probe_accelerator
from shared.media.transcoding import TranscodePlan, choose_decoder
from shared.transcodes import ChunkFile, TranscodeChunk, fetch_files

MEASURING = 0.05
"""Of the time that encoding takes, what the report on its quality is expected to take."""


class Workplace:
    """Where a task works on a job. What has been fetched or made there is not fetched again.

    `transfer`: bytes a second at which the source came, once it has."""

    def __init__(self, job: Job, folder: Path) -> None:
        self.job = job
        self.folder = folder
        self.plan = TranscodePlan.from_json(job.inputs["plan"])
        self.ffmpeg = find_ffmpeg()
        self.transfer: float | None = None

    @property
    def in_one_run(self) -> bool:
        """Whether the film is made by one task as a whole."""
        return bool(self.job.inputs["chunks"] == 1)

    @property
    def shares(self) -> dict[str, float]:
        """The share of each stage of the job's progress, as it was foreseen."""
        seconds: dict[str, float] = self.job.inputs["prediction"]["stages"]
        stages = {
            "downloading": seconds["fetch"],
            "encoding": seconds["plan"] + seconds["encode"],
            "joining": seconds["join"],
            "measuring": MEASURING * seconds["encode"],
            "uploading": seconds["store"],
        }
        least = sum(stages.values()) / 100
        shown = {name: max(took, least) for name, took in stages.items()}
        return {name: took / sum(shown.values()) for name, took in shown.items()}

    @cached_property
    def asset(self) -> Asset:
        """The source, in the version that the job was asked for with. Raises NotFound or Conflict."""
        asset = get_asset(self.job.user_id, self.job.inputs["assetId"])
        if asset.version != self.job.inputs["version"] or asset.stored is None:
            raise Conflict(f"Asset {asset.id} was replaced while the job waited. Transcode it again.")
        return asset

    @property
    def source(self) -> Path:
        """Where `fetch_source` puts it."""
        return self.folder / f"source{Path(self.asset.filename).suffix}"

    def fetch_source(self) -> Path:
        """The source as a local file: FFmpeg has no way to the network."""
        if not self.source.exists() and self.asset.stored is not None:
            arriving, started = self.source.with_suffix(".arriving"), time.monotonic()
            download_to(self.asset.stored, arriving)
            self.transfer = arriving.stat().st_size / max(time.monotonic() - started, 0.001)
            arriving.replace(self.source)
        return self.source

    @cached_property
    def encoder(self) -> Literal["cpu", "gpu"]:
        """What this machine encodes with. Raises `NoAccelerator`."""
        return choose(self._wanted, self.plan.request.codec, self._accelerator)

    @cached_property
    def decoder(self) -> Literal["cpu", "gpu"]:
        """What this machine decodes the source with."""
        return choose_decoder(self._wanted, self.plan, self._accelerator)

    @property
    def _accelerator(self) -> Accelerator:
        return probe_accelerator(self.ffmpeg, wanted=self._wanted)

    @cached_property
    def _wanted(self) -> Encoder:
        """As was asked; where either will do, as is preferred now."""
        asked = self.plan.request.encoder
        return "cpu" if asked == "auto" and read_controls().device(now()) == "cpu" else asked

    def folder_of(self, chunk: TranscodeChunk) -> Path:
        """Where what is made of a chunk lies."""
        folder = self.folder / "chunks" / chunk.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def path_of(self, chunk: TranscodeChunk, file: ChunkFile) -> Path:
        """Where a finished file of a chunk lies, or will once it is fetched."""
        return self.folder / "done" / chunk.id / str(chunk.owner) / file.filename

    def fetch_chunks(self, chunks: Sequence[TranscodeChunk]) -> None:
        """Have all files of these chunks here."""
        wanted = [(file, self.path_of(chunk, file)) for chunk in chunks for file in chunk.files]
        fetch_files([(file, path) for file, path in wanted if not path.exists()])
