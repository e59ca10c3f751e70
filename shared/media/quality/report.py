"""QualityReport: what was measured of a file, as jobs keep it. Times are in seconds of the file."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, computed_field
from pydantic.alias_generators import to_camel

from shared.media.quality.score import Defects, score

MOST_SPANS = 20
"""Spans that are listed; `seconds` counts all."""


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")


class Span(_Part):
    """From when to when."""

    start: float
    end: float


class Spans(_Part):
    """Where something was found: the longest spans in their order, and the seconds of all of them."""

    seconds: float = 0.0
    longest: tuple[Span, ...] = ()

    @classmethod
    def of(cls, spans: list[Span]) -> Self:
        """All the spans that were found."""
        longest = sorted(spans, key=lambda span: span.start - span.end)[:MOST_SPANS]
        seconds = round(sum(span.end - span.start for span in spans), 3)
        return cls(seconds=seconds, longest=tuple(sorted(longest, key=lambda span: span.start)))


class SoundLevel(_Part):
    """By EBU R 128: integrated loudness in LUFS (-120: silence), loudness range in LU, true peak in dBTP."""

    integrated: float
    range: float
    true_peak: float


class Fidelity(_Part):
    """How like its reference a picture is, on `frames` frames spread over the film: VMAF (0–100) where FFmpeg has it, else
    SSIM (0–1) and PSNR (dB; 100 when nothing differs)."""

    frames: int
    vmaf: float | None = None
    ssim: float | None = None
    psnr: float | None = None


class QualityReport(_Part):
    """What was measured. A part is None where the file has nothing of the kind: no picture, no sound, no reference."""

    duration: float = Field(ge=0)
    black: Spans | None = None
    frozen: Spans | None = None
    silent: Spans | None = None
    sound: SoundLevel | None = None
    length_difference: float | None = None
    """Seconds by which the sound is longer (or, negative, shorter) than the picture."""
    fidelity: Fidelity | None = None
    wall_seconds: float = 0.0
    """What measuring took."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def score(self) -> float:
        """0 to 10: see `shared.media.quality.score`."""
        return score(self.defects)

    @property
    def defects(self) -> Defects:
        """What is wrong, in the terms of the score."""
        return Defects(
            black=self._share(self.black),
            frozen=self._share(self.frozen),
            silent=self._share(self.silent),
            integrated=self.sound.integrated if self.sound else None,
            true_peak=self.sound.true_peak if self.sound else None,
            length_difference=abs(self.length_difference or 0.0),
            vmaf=self.fidelity.vmaf if self.fidelity else None,
            ssim=self.fidelity.ssim if self.fidelity else None,
        )

    def _share(self, spans: Spans | None) -> float:
        return min(1.0, spans.seconds / self.duration) if spans and self.duration else 0.0

    def to_json(self) -> dict[str, JsonValue]:
        """camelCase JSON; `QualityReport.model_validate` reads it back, equal."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
