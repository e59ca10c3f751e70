"""Clips that are kept, as a job would leave them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from shared.assets import Asset, AssetState, StoredObject
from shared.clips import StoredClip
from shared.clips.clip import Clip, ClipScores, ClipSegment
from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.settings import settings
from shared.media import MediaInfo, probe
from shared.media.info import StreamInfo
from shared.transcripts import Segment, Transcript, Word, create_transcript

WORDS = ["we", "learnt", "one", "thing", "the", "hard", "way", "never", "ship", "on", "a", "friday"]
"""What is said in the recording, a word a second from its tenth second on."""


def keep_recording(user_id: str, asset_id: str = "talk", *, sound: bool = True) -> Asset:
    """Let the user have a recording of 30 seconds."""
    kind = "audio" if sound else "video"
    media = MediaInfo(
        container="mp4", exact_duration=30, size=5_000, streams=(StreamInfo(index=0, kind=kind, codec="aac"),)
    )
    asset = Asset(
        id=asset_id,
        user_id=user_id,
        state=AssetState.READY,
        filename="talk.mp4",
        content_type="video/mp4",
        size=5_000,
        media=media.to_json(),
        created=now(),
        modified=now(),
    )
    asset.reference.set(asset.document())
    return asset


def keep_file(user_id: str, path: Path, asset_id: str = "talk") -> Asset:
    """Let the user have a recording that is there, as an upload leaves it."""
    bucket = storage_client().bucket(settings().bucket("media"))
    blob = bucket.blob(f"users/{user_id}/assets/{asset_id}/v1/{path.name}")
    blob.upload_from_filename(str(path))
    asset = Asset(
        id=asset_id,
        user_id=user_id,
        state=AssetState.READY,
        filename=path.name,
        content_type="audio/wav",
        size=path.stat().st_size,
        stored=StoredObject(bucket=bucket.name, name=blob.name, generation=int(blob.generation)),
        media=probe(path).to_json(),
        created=now(),
        modified=now(),
    )
    asset.reference.set(asset.document())
    return asset


def keep_transcript(user_id: str, transcript_id: str = "words") -> str:
    """Let the user have what is said in it."""
    words = tuple(Word(word=word, start=10 + at, end=10.9 + at) for at, word in enumerate(WORDS))
    sentence = Segment(start=10, end=10 + len(words), text=" ".join(WORDS), words=words)
    return create_transcript(user_id, transcript_id, "talk", Transcript(duration=30, segments=(sentence,))).id


def clip(user_id: str, clip_id: str = "job-1", **fields: Any) -> StoredClip:
    """Ten seconds of the recording in two segments."""
    moment: datetime = fields.pop("created", now())
    shown = Clip(
        id=clip_id,
        title="Never on a Friday",
        reason="It is a story with an end.",
        scores=ClipScores(hook=7, engagement=6, value=8, shareability=5, overall=60),
        segments=(ClipSegment(start=10, end=14), ClipSegment(start=16, end=22)),
        transcript=" ".join(WORDS),
        features={"hook": 0.8},
    )
    known: dict[str, Any] = {
        "asset_id": "talk",
        "transcript_id": "words",
        "job_id": "job",
        "komposition_id": clip_id,
        "komposition_version": 1,
        "place": 0,
        "category": "viral",
        "prompt_name": "viral",
        "prompt_version": 1,
        "ranker": "embedded",
        "clip": shown,
        "predicted": 0.6,
    }
    return StoredClip(id=clip_id, user_id=user_id, created=moment, modified=moment, **{**known, **fields})


def keep_clip(user_id: str, clip_id: str = "job-1", **fields: Any) -> StoredClip:
    """Let the user have it."""
    kept = clip(user_id, clip_id, **fields)
    kept.reference.set(kept.document())
    return kept
