"""Planning: from a source and a request to a plan, or to everything that is wrong with asking for it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from shared.core.errors import FieldError
from shared.media.containers import CODECS, LEAST_SIDE, Preset
from shared.media.graph.counting import nearest
from shared.media.graph.encoding import KEYFRAME_SECONDS
from shared.media.graph.scaling import is_hdr
from shared.media.graph.shot import FORGIVEN
from shared.media.info import MediaInfo
from shared.media.operations.clips import exact, frames_of, rate_of, size_for
from shared.media.refusals import parameter_errors, refusal
from shared.media.transcoding.errors import InvalidTranscode
from shared.media.transcoding.ladder import LADDER_CRF, ladder_rate, rungs_for
from shared.media.transcoding.plan import Rendition, SoundPlan, TranscodePlan
from shared.media.transcoding.profiles import PROFILES, Profile
from shared.media.transcoding.request import TranscodeRequest

_CRF, _AUDIO_KBPS = 21, 128
_PRESET: Preset = "veryfast"
_SPOKEN = 0.005
"""Frames a second: as far as what people write lies from what they mean."""
_OF_FILES = ("width", "height", "bitrate", "container")


def read_request(params: Mapping[str, Any]) -> TranscodeRequest:
    """The request in a document. Raises `InvalidTranscode` with everything that is wrong in it."""
    try:
        return TranscodeRequest.model_validate(params)
    except ValidationError as error:
        raise refusal(InvalidTranscode, parameter_errors(error)) from error


def plan_transcode(info: MediaInfo, request: TranscodeRequest) -> TranscodePlan:
    """What will be made of the source. Raises `InvalidTranscode` with everything that cannot be."""
    if errors := list(_problems(info, request)):
        raise refusal(InvalidTranscode, errors)
    profile = PROFILES.get(request.profile or "")
    rate = _rate(info, request, profile)
    hdr = request.dynamic_range == "keep" and is_hdr(info.video)
    ladder = request.profile == "ladder"
    plan = TranscodePlan(
        info=info,
        request=request,
        renditions=_ladder(info, request, rate) if ladder else (_single(info, request, profile),),
        sound=_sound(info, request, profile),
        frame_rate=rate,
        frames=_frames(info, rate, profile),
        gop_frames=max(1, nearest(rate * KEYFRAME_SECONDS)),
        package="cmaf" if ladder else "file",
        container=request.container or "mp4",
        tone_map=is_hdr(info.video) and not hdr,
        hdr=hdr,
    )
    if errors := list(_too_small(plan)):
        raise refusal(InvalidTranscode, errors)
    return plan


def _rate(info: MediaInfo, request: TranscodeRequest, profile: Profile | None) -> Fraction:
    source = rate_of(info)
    if request.fps == "source" or (request.fps is None and profile is None):
        return ladder_rate(source) if request.profile == "ladder" else source
    if isinstance(request.fps, float | int):
        return _spoken_rate(request.fps)
    assert profile is not None
    return Fraction(profile.fast_fps if profile.fast_fps and source > profile.fps else profile.fps)


def _spoken_rate(fps: float) -> Fraction:
    """A rate as people write it: 23.976, 29.97 and 59.94 mean 24, 30 and 60 over 1.001."""
    whole = round(fps * 1.001)
    if whole % 6 == 0 and abs(fps - whole / 1.001) < _SPOKEN:
        return Fraction(whole * 1000, 1001)
    return exact(fps)


def _frames(info: MediaInfo, rate: Fraction, profile: Profile | None) -> int:
    """Of the whole film; of a platform's, no more than it takes."""
    frames = frames_of(info, rate)
    most = profile.max_seconds if profile else None
    return frames if most is None else min(frames, int(most * rate))


def _single(info: MediaInfo, request: TranscodeRequest, profile: Profile | None) -> Rendition:
    assert info.video is not None
    if profile is None:
        size = size_for(info.video, request.width, request.height)
    else:
        size = request.width or profile.width, request.height or profile.height
    return Rendition(
        name=request.profile or "film",
        width=size[0],
        height=size[1],
        codec=request.codec,
        preset=request.preset or (profile.preset if profile else _PRESET),
        crf=_first(request.crf, profile.crf if profile else None, _CRF),
        max_kbps=request.bitrate or (profile.max_kbps if profile else None),
    )


def _ladder(info: MediaInfo, request: TranscodeRequest, rate: Fraction) -> tuple[Rendition, ...]:
    assert info.video is not None
    crf, preset = _first(request.crf, LADDER_CRF), request.preset or _PRESET
    return tuple(
        Rendition(rung.name, rung.width, rung.height, request.codec, preset, crf, rung.max_kbps)
        for rung in rungs_for(info.video.display_size, rate, request.codec)
    )


def _sound(info: MediaInfo, request: TranscodeRequest, profile: Profile | None) -> SoundPlan | None:
    if info.audio is None:
        return None
    kbps = request.audio_bitrate or (profile.audio_kbps if profile else _AUDIO_KBPS)
    return SoundPlan(CODECS[request.container or "mp4"][1][0], kbps)


def _problems(info: MediaInfo, request: TranscodeRequest) -> Iterator[FieldError]:
    if info.kind != "video":
        what = "a still picture" if info.kind == "image" else "sound without a picture"
        detail = f"A transcode needs a video with moving pictures; this file is {what}. Choose another one."
        yield FieldError("/inputs/0", detail, "no_video")
        return
    yield from _too_long(info, request)
    if request.profile == "ladder":
        for name in _OF_FILES:
            if getattr(request, name) is not None:
                detail = (
                    f"A ladder follows from the source, so it has no {name}. Leave it out, or choose another profile."
                )
                yield FieldError(f"/params/{name}", detail, "not_of_a_ladder")
    held = CODECS[request.container or "mp4"][0]
    if request.codec not in held:
        detail = f"{request.container} cannot hold {request.codec}. Use {', '.join(held)}, or another container."
        yield FieldError("/params/codec", detail, "codec_not_held")
    if request.dynamic_range == "keep" and is_hdr(info.video) and request.codec == "h264":
        detail = "H.264 players show 8 bits of standard range. Keep high dynamic range with h265, av1 or vp9."
        yield FieldError("/params/codec", detail, "codec_without_hdr")


def _too_long(info: MediaInfo, request: TranscodeRequest) -> Iterator[FieldError]:
    profile = PROFILES.get(request.profile or "")
    most = profile.max_seconds if profile else None
    if most is not None and info.exact_duration > most + FORGIVEN and not request.trim:
        detail = (
            f"{request.profile} takes {most} s at most; this film lasts {info.duration:.1f} s. "
            f"Cut it first, or set trim to keep its first {most} s."
        )
        yield FieldError("/params/profile", detail, "source_too_long")


def _too_small(plan: TranscodePlan) -> Iterator[FieldError]:
    least = LEAST_SIDE.get(plan.request.codec, 0)
    small = next((each for each in plan.renditions if min(each.size) < least), None)
    if small is not None:
        detail = (
            f"The picture would have {small.width} x {small.height} pixels, and {small.codec} has at least {least} a side. "
            "Use another codec, or ask for a larger picture."
        )
        yield FieldError("/params/codec", detail, "too_small")


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)
