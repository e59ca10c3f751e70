"""The report of a run: one page to look at, and the same as JSON for programs."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.clips.framing import distinct
from shared.clips.running.batch import Batch, Ended
from shared.clips.running.folder import write_whole
from shared.clips.running.recording import MadeClip

if TYPE_CHECKING:
    from jinja2 import Template

_PAGE = Path(__file__).with_name("report.html.j2")


def write_report(batch: Batch, output: Path) -> Path:
    """Write `report.html` and `report.json` into `output`; the path of the page. Its films and pictures are named relative to
    it, so the folder can be moved as a whole."""
    output.mkdir(parents=True, exist_ok=True)
    told = {
        "prompt": batch.order.request.name,
        "text": batch.order.request.text,
        "recordings": [_recording(ended, output) for ended in batch.ended],
    }
    write_whole(output / "report.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    page = output / "report.html"
    write_whole(page, _template().render(**told))
    return page


def _recording(ended: Ended, output: Path) -> dict[str, Any]:
    selection = ended.selection
    return {
        "name": ended.video.name,
        "problem": ended.problem,
        "ranker": selection.ranker if selection else None,
        "considered": selection.considered if selection else 0,
        "notes": list(selection.notes) if selection else [],
        "clips": list(_clips(ended.clips, output)),
    }


def _clips(clips: "list[MadeClip] | Any", output: Path) -> Iterator[dict[str, Any]]:
    for made in clips:
        yield {
            **made.clip.model_dump(mode="json", by_alias=True, exclude={"features"}),
            "start": made.clip.start,
            "end": made.clip.end,
            "framing": [plan.metrics.model_dump(mode="json", by_alias=True) for plan in distinct(made.plans)],
            "film": _beside(made.film, output),
            "pictures": _beside(made.pictures, output),
        }


def _beside(path: Path | None, output: Path) -> str | None:
    return path.relative_to(output).as_posix() if path is not None else None


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["clock"] = clock
    return environment.from_string(_PAGE.read_text(encoding="utf-8"))


def clock(moment: float) -> str:
    """Seconds as people read them: 1:02:03.4, 2:03.4."""
    tenths = round(moment * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}:{minutes:02}" if hours else f"{minutes}") + f":{rest / 10:04.1f}"
