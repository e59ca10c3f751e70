"""Encoding pictures: any frames of the film, in all renditions, by one run of FFmpeg.

Frames are found by their moments in the source, so that the pieces of a film that many tasks encode are the film that one
would."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from shared.media.encoders import Accelerator, PictureCoding, nvenc_options, probe_accelerator, software_options
from shared.media.encoders.coding import Options
from shared.media.errors import OutOfSpace, OutputTooLarge, RenderFailed, RenderTimeout
from shared.media.ffmpeg import Ffmpeg
from shared.media.graph import command
from shared.media.graph.streams import Stream
from shared.media.limits import time_left
from shared.media.runner import RunResult, run_graph
from shared.media.summing import Sums, read_sums, summed, sums_beside
from shared.media.transcoding.decoding import gpu_decodes, stays_on_gpu
from shared.media.transcoding.graph import Frames, gpu_pictures, software_pictures
from shared.media.transcoding.plan import Rendition, TranscodePlan


@dataclass(frozen=True)
class Encoded:
    """The file of every rendition by its name, the sums of its packets as the encoder gave them, what they cost, and what
    encoded them and decoded the source.

    `fell_back`: why it was not the GPU that was to do it."""

    paths: Mapping[str, Path]
    sums: Mapping[str, Sums]
    result: RunResult
    encoder: Literal["cpu", "gpu"]
    decoder: Literal["cpu", "gpu"] = "cpu"
    fell_back: str | None = None


def encode_pictures(
    plan: TranscodePlan,
    source: Path,
    frames: range,
    folder: Path,
    *,
    encoder: Literal["cpu", "gpu"] = "cpu",
    decoder: Literal["cpu", "gpu"] = "cpu",
    threads: int | None = None,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> Encoded:
    """Encode the frames of the film that `frames` counts, into `folder`: for every rendition a silent MP4 of exactly those.

    It begins with a frame at which decoding can begin; its time stamps begin with 0. `threads` limits the decoder and each
    encoder. `decoder`: for an encoder that is none of a GPU; that takes its own. A GPU that fails is replaced by processors.
    `on_progress` hears how far it is, from 0 to 1. Raises what
    `run_graph` raises."""
    wanted = Frames(plan, source, frames)
    paths = {each.name: folder / f"{each.name}.mp4" for each in plan.renditions}
    lists = {name: sums_beside(path) for name, path in paths.items()}
    started = monotonic()

    def run(arguments: list[str]) -> RunResult:
        return run_graph(
            arguments,
            duration=wanted.seconds,
            output=(*paths.values(), *lists.values()),
            on_progress=on_progress and (lambda progress: on_progress(progress.fraction)),
            should_cancel=should_cancel,
            timeout=time_left(timeout, started, "transcode"),
            ffmpeg=ffmpeg,
            lasting=False,  # They are joined and packaged, or put into a bucket.
        )

    def encoded(command: Command, fell_back: str | None = None) -> Encoded:
        result = run(command.arguments)
        sums = {name: read_sums(path) for name, path in lists.items()}
        for path in lists.values():
            path.unlink()
        return Encoded(paths, sums, result, command.encoder, command.decoder, fell_back)

    fell_back = None
    if "gpu" in (encoder, decoder):
        try:
            if encoder == "gpu":
                return encoded(gpu_command(wanted, paths, probe_accelerator(ffmpeg), threads))
            return encoded(software_command(wanted, paths, threads, decoder))
        except (RenderTimeout, OutOfSpace, OutputTooLarge):
            raise
        except RenderFailed as error:
            fell_back = error.detail
    return encoded(software_command(wanted, paths, threads), fell_back)


@dataclass(frozen=True)
class Command:
    """FFmpeg's arguments, and who does what by them."""

    arguments: list[str]
    encoder: Literal["cpu", "gpu"]
    decoder: Literal["cpu", "gpu"]


def software_command(
    frames: Frames, paths: Mapping[str, Path], threads: int | None, decoder: Literal["cpu", "gpu"] = "cpu"
) -> Command:
    """Where processors encode, of what they, or a GPU, have decoded."""
    count = len(frames.wanted)
    arguments = _arguments(
        (software_options(coding_of(frames.plan, rendition), count, threads), picture, rendition, paths[rendition.name])
        for rendition, picture in software_pictures(frames, threads, gpu_decodes=decoder == "gpu")
    )
    return Command(arguments, "cpu", decoder)


def gpu_command(
    frames: Frames, paths: Mapping[str, Path], accelerator: Accelerator, threads: int | None = None
) -> Command:
    """Where a GPU encodes, and decodes what it can; it scales too if nothing else has to be done."""
    on_gpu, decodes = stays_on_gpu(frames.plan, accelerator), gpu_decodes(frames.plan.info.video, accelerator)
    pictures = gpu_pictures(frames) if on_gpu else software_pictures(frames, threads, gpu_decodes=decodes)
    count = len(frames.wanted)
    arguments = _arguments(
        (
            nvenc_options(coding_of(frames.plan, rendition), count, on_gpu=on_gpu),
            picture,
            rendition,
            paths[rendition.name],
        )
        for rendition, picture in pictures
    )
    return Command(arguments, "gpu", "gpu" if decodes else "cpu")


def _arguments(outputs: Iterable[tuple[Options, Stream, Rendition, Path]]) -> list[str]:
    """What an encoder must be told for MP4, the muxer would tell it, but for the one that writes the sums as well."""
    import ffmpeg

    muxer = {"format": "tee", "flags": "+global_header"}
    return command(
        [
            ffmpeg.output(picture, summed(path, rendition.codec), **muxer, **options)
            for options, picture, rendition, path in outputs
        ]
    )


def coding_of(plan: TranscodePlan, rendition: Rendition) -> PictureCoding:
    """How a rendition's picture is coded."""
    video = plan.info.video
    return PictureCoding(
        codec=rendition.codec,
        preset=rendition.preset,
        crf=rendition.crf,
        max_kbps=rendition.max_kbps,
        frame_rate=plan.frame_rate,
        gop_frames=plan.gop_frames,
        fixed_gops=plan.package == "cmaf",
        transfer=video.color_transfer if plan.hdr and video else None,
    )
