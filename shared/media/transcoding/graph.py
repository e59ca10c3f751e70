"""The graph: a source decoded once, its frames at the film's rate, in the frame of every rendition."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from shared.media.graph import SourceMedia
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import paced_picture, shot_picture
from shared.media.graph.scaling import fill_frame, tag
from shared.media.graph.streams import Stream, copies
from shared.media.transcoding.plan import Rendition, TranscodePlan
from shared.media.transcoding.seeking import SureShot


@dataclass(frozen=True)
class Frames:
    """The frames of a film that are made now, and where from."""

    plan: TranscodePlan
    source: Path
    wanted: range

    @property
    def shot(self) -> SureShot:
        """The whole film, of which they are a part."""
        media = SourceMedia(self.source.absolute(), self.plan.info)
        seconds = self.plan.info.exact_duration
        return SureShot("film", media, Fraction(0), seconds, Fraction(1), self.plan.frames, at_keys=True)

    @property
    def seconds(self) -> Fraction:
        """How long they are shown."""
        return len(self.wanted) / self.plan.frame_rate


def software_pictures(
    frames: Frames, threads: int | None = None, *, gpu_decodes: bool = False
) -> list[tuple[Rendition, Stream]]:
    """The picture of every rendition, filtered by processors; `gpu_decodes`: of frames that come from its memory."""
    plan = frames.plan
    inputs = Inputs(plan.frame_rate, threads, _DOWNLOADED if gpu_decodes else {})
    begin, end = frames.wanted.start, frames.wanted.stop
    if len(plan.renditions) == 1:
        [only] = plan.renditions
        picture = shot_picture(
            frames.shot, begin, end, only.size, plan.scale, clear=False, inputs=inputs, keep_hdr=plan.hdr
        )
        return [(only, picture)]
    video = plan.info.video
    assert video is not None
    paced = copies(paced_picture(frames.shot, begin, end, inputs), len(plan.renditions))
    return [
        (rendition, fill_frame(copy, video, rendition.size, plan.scale, keep_hdr=plan.hdr))
        for rendition, copy in zip(plan.renditions, paced, strict=True)
    ]


_ON_GPU = {"hwaccel": "cuda", "hwaccel_output_format": "cuda", "extra_hw_frames": 8}
"""With as many frames more as lie between decoder and encoders; NVDEC has 32 at most, of which H.264 may keep 17."""
_DOWNLOADED = {"hwaccel": "cuda"}


def gpu_pictures(frames: Frames) -> Iterator[tuple[Rendition, Stream]]:
    """The picture of every rendition in the GPU's memory: decoded and scaled there."""
    plan, inputs = frames.plan, Inputs(frames.plan.frame_rate, decoding=_ON_GPU)
    paced = paced_picture(frames.shot, frames.wanted.start, frames.wanted.stop, inputs)
    pixels = "p010le" if plan.hdr else "nv12"
    for rendition, copy in zip(plan.renditions, copies(paced, len(plan.renditions)), strict=True):
        scaled = copy.filter("scale_cuda", *rendition.size, interp_algo="bicubic", format=pixels).filter("setsar", 1)
        yield rendition, scaled if plan.hdr else tag(scaled)
