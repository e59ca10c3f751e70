"""Transcoding: a film into the file that a use or a platform wants, or into a ladder that players switch in.

First a plan, which costs nothing; then its pictures, whole or in pieces, its sound, and the package of both."""

from shared.media.transcoding.decoding import choose_decoder
from shared.media.transcoding.errors import InvalidTranscode
from shared.media.transcoding.film import Transcoded, transcode
from shared.media.transcoding.packaging import package
from shared.media.transcoding.pictures import Encoded, encode_pictures
from shared.media.transcoding.plan import Rendition, SoundPlan, TranscodePlan
from shared.media.transcoding.planning import plan_transcode, read_request
from shared.media.transcoding.request import TranscodeRequest
from shared.media.transcoding.sidecars import Sidecar, SidecarPiece, make_sidecars, sidecar_pieces, wanted_sidecars
from shared.media.transcoding.sound import encode_sound

__all__ = [
    "Encoded",
    "InvalidTranscode",
    "Rendition",
    "Sidecar",
    "SidecarPiece",
    "SoundPlan",
    "TranscodePlan",
    "TranscodeRequest",
    "Transcoded",
    "choose_decoder",
    "encode_pictures",
    "encode_sound",
    "make_sidecars",
    "package",
    "plan_transcode",
    "read_request",
    "sidecar_pieces",
    "transcode",
    "wanted_sidecars",
]
