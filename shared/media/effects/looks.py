"""Looks: whole moods made of several filters, blended over the picture by their intensity."""

from collections.abc import Callable

from pydantic import Field

from shared.media.effects.kind import EffectKind, Frame, Look, Share, Stream, picture_effect
from shared.media.effects.picture import blended, darkened, finish, lut, over, saturated, scaled, vignetted
from shared.media.effects.texture import blur, fringes, grain


class Vignette(Look):
    """How dark the corners become."""

    strength: Share = Field(default=0.6, description="Of the light, taken away in the very corners")
    start: Share = Field(default=0.35, le=0.95, description="Where it begins: 0 the centre, 1 the corners")


def vignette(stream: Stream, params: Vignette, frame: Frame) -> Stream:
    """Darkens the picture towards its corners."""
    return vignetted(stream, frame, params.strength, params.start)


def leica_look(stream: Stream, _params: Look, _frame: Frame) -> Stream:
    """Lifted, tinted shadows, muted colours and firm edges: a classic German lens on slide film."""
    return (
        stream.filter("curves", preset="vintage")
        .filter("eq", contrast=1.1, brightness=0.05, saturation=0.9, gamma=1.05)
        .filter("colorbalance", rs=0.1, gs=-0.05, bs=-0.1, rm=0.05, bm=-0.05, rh=-0.05, gh=0.05, bh=0.1)
        .filter("format", "yuv420p")
        .filter("unsharp", 5, 5, 0.8, 3, 3, 0.4)
    )


def leica_look_enhanced(stream: Stream, _params: Look, frame: Frame) -> Stream:
    """Warm shadows, cool lights, muted colours, firm edges and darkened corners."""
    graded = (
        stream.filter("eq", contrast=1.15, brightness=0.08, saturation=0.85, gamma=1.08)
        .filter("colorbalance", rs=0.15, gs=-0.08, bs=-0.15, rm=0.08, bm=-0.08, rh=-0.08, gh=0.08, bh=0.15)
        .filter("format", "yuv420p")
        .filter("unsharp", 5, 5, 1, 3, 3, 0.6)
    )
    return vignetted(graded, frame, 0.45)


def vintage_color(stream: Stream, _params: Look, frame: Frame) -> Stream:
    """A faded colour print of the seventies."""
    faded = stream.filter("curves", preset="vintage").filter("colorbalance", rm=0.08, bm=-0.1, rh=0.05, bh=-0.08)
    return vignetted(grain(saturated(faded, 0.8), 0.12), frame, 0.3)


def film_noir(stream: Stream, _params: Look, frame: Frame) -> Stream:
    """Black and white of hard light and deep shadow."""
    gray = saturated(lut(stream, **scaled(1.45, pivot=0.52)), 0)
    return vignetted(grain(gray, 0.18), frame, 0.7, 0.25)


def vhs_look(stream: Stream, _params: Look, frame: Frame) -> Stream:
    """A worn video cassette: smeared colour, soft lines, noise."""
    smear = max(1, min(255, round(frame.pixels(10))))
    soft = stream.filter("gblur", sigma=f"{frame.pixels(3):.4f}", sigmaV=0.01, planes=1)
    colored = soft.filter("gblur", sigma=f"{frame.pixels(8):.4f}", sigmaV=0.5, planes=6)
    shifted = colored.filter("chromashift", cbh=smear, crh=-smear, crv=1)
    pair = max(4, round(frame.pixels(8)))
    lines = f"1-0.18*lt(mod(floor((ld(1)+1)*{frame.height / 2:.1f}),{pair}),{pair / 2})"
    return darkened(saturated(grain(shifted, 0.25), 1.25), lines, frame)


def warm_cinematic(stream: Stream, _params: Look, _frame: Frame) -> Stream:
    """Teal shadows, orange light: today's cinema."""
    return lut(stream, **scaled(1.08, pivot=0.45)).filter(
        "colorbalance", rs=-0.14, gs=0.01, bs=0.12, rm=0.04, gm=0.01, bm=-0.04, rh=0.12, gh=0.03, bh=-0.12
    )


def dreamy_soft(stream: Stream, _params: Look, frame: Frame) -> Stream:
    """A glow over everything, as through silk."""
    copies = blended(stream, lambda picture: blur(picture, frame.pixels(8)), 0.5).split()
    glow = blur(copies[1], frame.pixels(24))
    normal = {f"c{plane}_{what}": value for plane in (1, 2) for what, value in (("mode", "normal"), ("opacity", 0.7))}
    lit = over(copies[0], glow, c0_mode="screen", c0_opacity=0.45, **normal)
    return lut(lit, luma="(val-20)*0.97+20")


def horror_desaturated(stream: Stream, _params: Look, frame: Frame) -> Stream:
    """Drained, green and dark: something is in the cellar."""
    drained = saturated(lut(stream, luma="(val-126)*1.2+126-18"), 0.35)
    sick = drained.filter("colorbalance", rs=-0.08, gs=0.04, bs=0.03, rm=-0.06, gm=0.04, rh=-0.04)
    return vignetted(grain(sick.filter("format", "yuv420p"), 0.15), frame, 0.8, 0.2)


def glitch_aesthetic(stream: Stream, _params: Look, frame: Frame) -> Stream:
    """A broken signal: parted colours, and bands that jump aside ten times a second."""
    parted = fringes(stream, frame.pixels(9))
    copies = parted.split()
    picture = copies[0]
    turn = f"floor({frame.number}*{10 * frame.rate.denominator}/{frame.rate.numerator})"
    for number in range(4):
        height = max(2, frame.height // (9 + 4 * number) // 2 * 2)
        top = frame.height * (1 + 2 * number) // 20 * 2
        chance, reach = _random(turn, 2 * number + 1), _random(turn, 2 * number + 2)
        strip = copies[number + 1].filter("crop", w="iw", h=height, x=0, y=top)
        picture = picture.overlay(strip, x=f"W*0.24*({reach}-0.5)", y=top, enable=f"lt({chance},0.45)")
    return saturated(grain(picture, 0.1), 1.15)


def _random(turn: str, salt: int) -> str:
    """An expression that is a number from 0 to 1 for each turn: the same in every render."""
    return f"mod(abs(sin({turn}*12.9898+{salt}*78.233)*43758.5453),1)"


def _look(function: Callable[..., Stream], params: type[Look] = Look) -> EffectKind:
    """The look that `function` makes, blended over the picture by its intensity."""

    def picture(stream: Stream, given: Look, frame: Frame) -> Stream:
        return finish(blended(stream, lambda copy: function(copy, given, frame), given.intensity))

    kind = picture_effect(function, params)
    return EffectKind(kind.name, kind.description, params, picture=picture)


EFFECTS = (
    _look(leica_look),
    _look(leica_look_enhanced),
    _look(vintage_color),
    _look(film_noir),
    _look(vhs_look),
    _look(vignette, Vignette),
    _look(warm_cinematic),
    _look(glitch_aesthetic),
    _look(dreamy_soft),
    _look(horror_desaturated),
)
