"""Detail and texture: blur, sharpening, noise, blocks and fringes."""

from pydantic import Field

from shared.media.effects.kind import Frame, Lines, Look, Params, Share, Stream, picture_effect
from shared.media.effects.picture import blended, finish

GRAIN_SEED = 1977
"""Grain is the same in every render."""


class Blur(Look):
    """How far light spreads."""

    sigma: Lines = Field(default=8.0, description="Standard deviation of the blur")


class Sharpen(Params):
    """How much edges are lifted."""

    amount: float = Field(default=0.8, ge=0, le=5)


class Strength(Params):
    """How strongly it works."""

    strength: Share = 0.3


class Blocks(Look):
    """The side of a block."""

    size: Lines = Field(default=24.0, ge=1)


class Fringes(Look):
    """How far red and blue part."""

    shift: Lines = Field(default=6.0, description="Of red to the left and blue to the right")


def blur(stream: Stream, sigma: float) -> Stream:
    """The stream out of focus; `sigma` in pixels."""
    return stream.filter("gblur", sigma=f"{sigma:.4f}", steps=2) if sigma > 0 else stream


def grain(stream: Stream, strength: float) -> Stream:
    """Moving noise in the luma; `strength` 0–1."""
    amount = round(strength * 40)
    return stream.filter("noise", c0_seed=GRAIN_SEED, c0s=amount, c0f="t+u") if amount else stream


def fringes(stream: Stream, pixels: float) -> Stream:
    """Red moved to the left and blue to the right by at least a pixel."""
    shift = max(1, min(255, round(pixels)))
    return stream.filter("rgbashift", rh=-shift, bh=shift).filter("format", "yuv420p")


def gaussian_blur(stream: Stream, params: Blur, frame: Frame) -> Stream:
    """Puts the picture out of focus."""
    return finish(blended(stream, lambda picture: blur(picture, frame.pixels(params.sigma)), params.intensity))


def sharpen(stream: Stream, params: Sharpen, _frame: Frame) -> Stream:
    """Lifts edges (unsharp mask)."""
    return finish(stream.filter("unsharp", luma_msize_x=5, luma_msize_y=5, luma_amount=params.amount))


def denoise(stream: Stream, params: Strength, _frame: Frame) -> Stream:
    """Removes the noise of a weak light, within a frame and from frame to frame."""
    amount = 20 * params.strength
    if amount == 0:
        return finish(stream)
    spatial = {"luma_spatial": amount, "chroma_spatial": amount * 0.75}
    return finish(stream.filter("hqdn3d", **spatial, luma_tmp=amount * 1.5, chroma_tmp=amount * 1.1))


def film_grain(stream: Stream, params: Strength, _frame: Frame) -> Stream:
    """The moving grain of film."""
    return finish(grain(stream, params.strength))


def pixelate(stream: Stream, params: Blocks, frame: Frame) -> Stream:
    """Large square pixels."""
    side = max(1, min(1024, round(frame.pixels(params.size))))
    return finish(blended(stream, lambda picture: picture.filter("pixelize", w=side, h=side), params.intensity))


def chromatic_aberration(stream: Stream, params: Fringes, frame: Frame) -> Stream:
    """Red and blue fringes, as of a cheap lens."""
    return finish(blended(stream, lambda picture: fringes(picture, frame.pixels(params.shift)), params.intensity))


EFFECTS = (
    picture_effect(gaussian_blur, Blur),
    picture_effect(sharpen, Sharpen),
    picture_effect(denoise, Strength),
    picture_effect(film_grain, Strength),
    picture_effect(pixelate, Blocks),
    picture_effect(chromatic_aberration, Fringes),
)
