"""ffmpeg_filter: a chain of FFmpeg's own filters, held to a list of those that do no harm."""

from functools import reduce

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shared.media.effects import picture, sound
from shared.media.effects.filter_chain import LONGEST, FilterChain, FilterRefused, parse_chain
from shared.media.effects.kind import EffectKind, Frame, Look, Medium, Stream


class FfmpegFilter(Look):
    """The filters, as on FFmpeg's command line, and how much of them is blended over the original."""

    filter: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="Filters parted by commas, all on pictures or all on sound, such as eq=contrast=1.1,unsharp=5:5:0.8. "
        "No links, no expressions, nothing that reads files or changes the size or the rate",
    )

    @field_validator("filter")
    @classmethod
    def _is_allowed(cls, text: str) -> str:
        try:
            parse_chain(text)
        except FilterRefused as error:
            raise PydanticCustomError("filter_not_allowed", "{detail}", {"detail": str(error)}) from None
        return text

    @property
    def chain(self) -> FilterChain:
        """What was read from the text."""
        return parse_chain(self.filter)


def _through(stream: Stream, chain: FilterChain) -> Stream:
    return reduce(lambda before, call: before.filter(call.name, **dict(call.options)), chain.calls, stream)


def _picture(stream: Stream, params: FfmpegFilter, _frame: Frame) -> Stream:
    return picture.finish(picture.blended(stream, lambda copy: _through(copy, params.chain), params.intensity))


def _sound(stream: Stream, params: FfmpegFilter, samples: int) -> Stream:
    if params.intensity == 0:
        return stream
    if params.intensity == 1:
        return sound.cut_to(_through(stream, params.chain), samples)
    copies = stream.asplit()
    wet = sound.cut_to(_through(copies[1], params.chain), samples)
    return sound.cut_to(sound.mixed(wet, copies[0], params.intensity), samples)


def _medium(params: FfmpegFilter) -> Medium:
    return params.chain.medium


EFFECTS = (
    EffectKind(
        "ffmpeg_filter",
        "FFmpeg's own filters, in a row. Only those that cannot reach files or the network, and keep size and rate.",
        FfmpegFilter,
        picture=_picture,
        sound=_sound,
        medium_of=_medium,
    ),
)
