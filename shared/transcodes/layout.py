"""Layout: the chunks of a film as documents, once its key frames are known."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from shared.core.clock import now
from shared.media.chunking import Chunk, Speeds, plan_chunks
from shared.media.transcoding import TranscodePlan
from shared.transcodes.chunk import KEPT, ChunkKind, TranscodeChunk
from shared.transcodes.forecast import wants_gpu, whole_pieces


def lay_out(plan: TranscodePlan, count: int, keys: Sequence[Fraction], speeds: Speeds) -> list[TranscodeChunk]:
    """What has to be made: the pictures in about `count` chunks, sound, pieces of the sidecars; and the seconds of each."""
    chunks = plan_chunks(plan.frames, plan.gop_frames, plan.frame_rate, count, keys)
    expire_at = now() + KEPT
    seconds = float(plan.seconds)
    whole = ((ChunkKind(name), speeds.whole(name, seconds)) for name in whole_pieces(plan))
    return [
        *(_pictures(plan, chunk, speeds, expire_at) for chunk in chunks),
        *(TranscodeChunk(id=kind.value, kind=kind, weight=weight, expire_at=expire_at) for kind, weight in whole),
    ]


def _pictures(plan: TranscodePlan, chunk: Chunk, speeds: Speeds, expire_at: datetime) -> TranscodeChunk:
    return TranscodeChunk(
        id=f"{ChunkKind.PICTURES.value}-{chunk.index:04}",
        kind=ChunkKind.PICTURES,
        start=chunk.start,
        stop=chunk.stop,
        weight=speeds.encode(plan.renditions, chunk.weight, gpu=wants_gpu(plan)),
        expire_at=expire_at,
    )
