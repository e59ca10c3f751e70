"""Adjustments of light and colour, as in an editor's inspector: each one changes one thing, everywhere alike."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.media.effects.kind import Frame, Params, Share, Stream, picture_effect, unit
from shared.media.effects.picture import finish, lut, saturated, scaled

Point = tuple[Share, Share]
Curve = Annotated[list[Point], Field(min_length=2, max_length=32)]
Shift = Annotated[float, Field(ge=-1, le=1)]
_SEPIA = {
    **{"rr": 0.393, "rg": 0.769, "rb": 0.189, "gr": 0.349, "gg": 0.686, "gb": 0.168},
    **{"br": 0.272, "bg": 0.534, "bb": 0.131},
}


class Brightness(Params):
    """How much light is added."""

    amount: Shift = Field(default=0.1, description="Added to every pixel: -1 makes all black, 1 all white, 0 nothing")


class Factor(Params):
    """A factor."""

    amount: float = Field(default=1.2, ge=0, le=4, description="1 leaves the picture as it is")


class Gamma(Params):
    """The exponent of the tone curve."""

    amount: float = Field(default=1.2, ge=0.1, le=10, description="Above 1 lightens the middle, below 1 darkens it")


class Exposure(Params):
    """Stops of light."""

    stops: float = Field(default=0.5, ge=-5, le=5, json_schema_extra=unit("EV"), description="1 doubles the light")


class Hue(Params):
    """An angle on the colour wheel."""

    degrees: float = Field(default=30, ge=-360, le=360, json_schema_extra=unit("degrees"))


class Temperature(Params):
    """The light that white is."""

    kelvin: float = Field(
        default=5000, ge=1500, le=20_000, json_schema_extra=unit("K"), description="Below 6500 warmer, above colder"
    )


class ColorBalance(Params):
    """Red, green and blue added (taken away below 0) in each third of the tones."""

    shadows: tuple[Shift, Shift, Shift] = Field(default=(0, 0, 0), description="Red, green, blue, each -1 to 1")
    midtones: tuple[Shift, Shift, Shift] = (0, 0, 0)
    highlights: tuple[Shift, Shift, Shift] = (0, 0, 0)


class Curves(Params):
    """Points [in, out], each 0 to 1, of curves through the tones. The master curve comes after those of the colours."""

    master: Curve | None = None
    red: Curve | None = None
    green: Curve | None = None
    blue: Curve | None = None

    @model_validator(mode="after")
    def _go_to_the_right(self) -> Self:
        for points in (self.master, self.red, self.green, self.blue):
            places = [place for place, _ in points or ()]
            if any(after - before < 0.001 for before, after in pairwise(places)):
                raise ValueError("the points of a curve must come from left to right, at least 0.001 apart")
        return self


def brightness(stream: Stream, params: Brightness, _frame: Frame) -> Stream:
    """Adds light to, or takes it from, every pixel alike."""
    return finish(lut(stream, luma=f"val+{219 * params.amount:.4f}"))


def contrast(stream: Stream, params: Factor, _frame: Frame) -> Stream:
    """Moves every colour away from middle grey (towards it below 1)."""
    return finish(lut(stream, **scaled(params.amount, pivot=0.5)))


def saturation(stream: Stream, params: Factor, _frame: Frame) -> Stream:
    """Strengthens colours; 0 leaves greys."""
    return finish(saturated(stream, params.amount))


def gamma(stream: Stream, params: Gamma, _frame: Frame) -> Stream:
    """Lightens or darkens the middle tones; black and white stay."""
    return finish(lut(stream, luma=f"pow(clip((val-16)/219,0,1),{1 / params.amount:.6f})*219+16"))


def exposure(stream: Stream, params: Exposure, _frame: Frame) -> Stream:
    """Multiplies the light, as a longer or shorter exposure does."""
    # Coded values are about light to the power of 1/2.2, so light times k is coded values times k to the power of 1/2.2.
    return finish(lut(stream, **scaled(2 ** (params.stops / 2.2))))


def hue(stream: Stream, params: Hue, _frame: Frame) -> Stream:
    """Turns all colours around the colour wheel."""
    return finish(stream.filter("hue", h=f"{params.degrees:.4f}"))


def temperature(stream: Stream, params: Temperature, _frame: Frame) -> Stream:
    """Warms or cools the light; brightness stays."""
    return finish(stream.filter("colortemperature", temperature=params.kelvin, pl=1))


def color_balance(stream: Stream, params: ColorBalance, _frame: Frame) -> Stream:
    """Shifts the colours of shadows, middle tones and highlights apart from each other."""
    thirds = {"s": params.shadows, "m": params.midtones, "h": params.highlights}
    shifts = {
        f"{color}{third}": value for third, rgb in thirds.items() for color, value in zip("rgb", rgb, strict=True)
    }
    return finish(stream.filter("colorbalance", **shifts))


def grayscale(stream: Stream, _params: Params, _frame: Frame) -> Stream:
    """Black and white."""
    return finish(saturated(stream, 0))


def sepia(stream: Stream, _params: Params, _frame: Frame) -> Stream:
    """The brown of old photographs."""
    return finish(stream.filter("colorchannelmixer", **_SEPIA))


def invert(stream: Stream, _params: Params, _frame: Frame) -> Stream:
    """The negative."""
    return finish(lut(stream, luma="251-val", chroma="256-val"))


def curves(stream: Stream, params: Curves, _frame: Frame) -> Stream:
    """Bends the tones along curves through given points."""
    named = {"master": params.master, "red": params.red, "green": params.green, "blue": params.blue}
    drawn = {name: " ".join(f"{x:.6f}/{y:.6f}" for x, y in points) for name, points in named.items() if points}
    return finish(stream.filter("curves", **drawn)) if drawn else finish(stream)


EFFECTS = (
    picture_effect(brightness, Brightness),
    picture_effect(contrast, Factor),
    picture_effect(saturation, Factor),
    picture_effect(gamma, Gamma),
    picture_effect(exposure, Exposure),
    picture_effect(hue, Hue),
    picture_effect(temperature, Temperature),
    picture_effect(color_balance, ColorBalance),
    picture_effect(grayscale),
    picture_effect(sepia),
    picture_effect(invert),
    picture_effect(curves, Curves),
)
