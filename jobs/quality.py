"""Quality: the report on what a job has made. A by-product: it may take only so long, and no job fails over it."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jobs.results import ResultFile
from shared.assets import Asset
from shared.core.settings import settings
from shared.jobs import Worker
from shared.media import RenderCancelled, RenderFailed, UnreadableMedia, find_ffmpeg
from shared.media.quality import QualityReport, measure_quality

log = logging.getLogger(__name__)

LEAST_SECONDS = 10.0
SHARE = 0.25
"""Of the time that the job has taken, what reports may take: more is not worth it."""


def measured(
    worker: Worker, files: Sequence[ResultFile], stage: str, reference: Path | None = None
) -> list[QualityReport | None]:
    """A report on each file; None for what has no quality over time, or was not measured in time.

    `reference` is what pictures should look like. `stage` is that of the job in which this happens. Raises Cancelled or
    LeaseLost."""
    reports: list[QualityReport | None] = []
    allowed = max(LEAST_SECONDS, SHARE * worker.attempt_seconds)
    for number, file in enumerate(files):
        worker.report(number / len(files), stage)
        report = _measured(worker, file, reference, allowed)
        allowed -= report.wall_seconds if report is not None else 0.0
        reports.append(report)
    worker.report(1.0, stage)
    return reports


def listed(assets: Sequence[Asset], reports: Sequence[QualityReport | None]) -> list[dict[str, Any]]:
    """The reports as a job keeps them among its outputs."""
    return [
        {"assetId": asset.id, **report.to_json()}
        for asset, report in zip(assets, reports, strict=True)
        if report is not None
    ]


def worst_score(reports: Sequence[QualityReport | None]) -> float | None:
    """From 0 to 10: results are as good as the worst of them; None if none was measured."""
    return min((report.score for report in reports if report is not None), default=None)


def _measured(worker: Worker, file: ResultFile, reference: Path | None, allowed: float) -> QualityReport | None:
    if not settings().quality_reports or file.info is None or file.info.is_still or allowed <= 0:
        return None
    try:
        return measure_quality(
            file.path,
            reference,
            info=file.info,
            should_cancel=lambda: worker.stopped,
            timeout=allowed,
            ffmpeg=find_ffmpeg(),
        )
    except RenderCancelled:
        worker.check()
        raise
    except (RenderFailed, UnreadableMedia):
        log.warning("no report on the quality of %s", file.path.name, exc_info=True)
        return None
