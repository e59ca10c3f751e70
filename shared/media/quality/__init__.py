"""Quality of a finished film or sound: what a viewer would complain of, measured, and one score from 0 to 10.

Importing this package is cheap: FFmpeg is looked for by the first measurement."""

from shared.media.quality.measure import measure_quality
from shared.media.quality.report import Fidelity, QualityReport, SoundLevel, Span, Spans

__all__ = ["Fidelity", "QualityReport", "SoundLevel", "Span", "Spans", "measure_quality"]
