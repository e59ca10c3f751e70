"""Layout: the chunks of a film as documents, once its key frames are known."""

from collections.abc import Sequence
from fractions import Fraction

from shared.media.chunking import Chunk, Speeds, plan_chunks
from shared.media.transcoding import TranscodePlan
from shared.transcodes.chunk import ChunkKind, TranscodeChunk
from shared.transcodes.forecast import wants_gpu, wants_sidecars


def lay_out(plan: TranscodePlan, count: int, keys: Sequence[Fraction], speeds: Speeds) -> list[TranscodeChunk]:
    """What has to be made: the pictures in about `count` chunks, the sound and the sidecars, with the seconds that each takes."""
    chunks = plan_chunks(plan.frames, plan.gop_frames, plan.frame_rate, count, keys)
    laid = [_pictures(plan, chunk, speeds) for chunk in chunks]
    seconds = float(plan.seconds)
    if plan.sound is not None:
        weight = speeds.steady("sound", seconds)
        laid.append(TranscodeChunk(id=ChunkKind.SOUND.value, kind=ChunkKind.SOUND, weight=weight))
    if wants_sidecars(plan):
        weight = speeds.steady("sidecars", seconds)
        laid.append(TranscodeChunk(id=ChunkKind.SIDECARS.value, kind=ChunkKind.SIDECARS, weight=weight))
    return laid


def _pictures(plan: TranscodePlan, chunk: Chunk, speeds: Speeds) -> TranscodeChunk:
    return TranscodeChunk(
        id=f"{ChunkKind.PICTURES.value}-{chunk.index:04}",
        kind=ChunkKind.PICTURES,
        start=chunk.start,
        stop=chunk.stop,
        weight=speeds.encode(plan.renditions, chunk.weight, gpu=wants_gpu(plan)),
    )
