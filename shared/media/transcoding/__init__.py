"""Transcoding: a film into the file that a use or a platform wants, or into a ladder that players switch in.

First a plan, which costs nothing; then its pictures, whole or in pieces, its sound, and the package of both."""

from shared.media.transcoding.errors import InvalidTranscode
from shared.media.transcoding.pictures import Encoded, encode_pictures
from shared.media.transcoding.plan import Rendition, SoundPlan, TranscodePlan
from shared.media.transcoding.planning import plan_transcode, read_request
from shared.media.transcoding.request import TranscodeRequest

__all__ = [
    "Encoded",
    "InvalidTranscode",
    "Rendition",
    "SoundPlan",
    "TranscodePlan",
    "TranscodeRequest",
    "encode_pictures",
    "plan_transcode",
    "read_request",
]
