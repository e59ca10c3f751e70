"""Exporting one hour of timeline, 1,800 cuts of two seconds: goal 0.1 s for each format, the libraries once imported.

`python -m bench.interchange`. The baseline is the least that any format could do: laying the slots out in frames and writing
the canonical JSON."""

import json

from bench.diff import timed
from shared.kompositions import Komposition, parse_komposition, plan_timeline
from shared.kompositions.interchange import FORMATS, export_komposition, import_interchange

CUTS = 1_800
GOAL_S = 0.1


def main() -> None:
    """Measure and print the table."""
    komposition = hour()
    baseline = timed(lambda: (plan_timeline(komposition), json.dumps(komposition.to_json())))
    print(f"{'1 h, 1,800 cuts':<40}{'median ms':>10}")
    print(f"{'plan it and write its JSON (baseline)':<40}{baseline * 1000:>10.1f}")
    for name in FORMATS:
        text = export_komposition(komposition, name).text
        report(f"export {name}", timed(lambda name=name: export_komposition(komposition, name)), baseline)
        if name in ("otio", "edl"):
            report(f"import {name}", timed(lambda text=text: import_interchange(text)), baseline)


def report(name: str, taken: float, baseline: float) -> None:
    """One line of the table."""
    print(f"{name:<40}{taken * 1000:>10.1f}   {taken / baseline:6.1f} x baseline   goal {GOAL_S * 1000:.0f} ms")


def hour() -> Komposition:
    """Two cameras in turn, a crossfade at every tenth cut."""
    segments = [
        {
            "id": f"shot-{index}",
            "sourceId": "ab"[index % 2],
            "start": {"seconds": 2 * index},
            "end": {"seconds": 2 * index + 2},
            "sourceStart": {"seconds": 2 * index},
        }
        for index in range(CUTS)
    ]
    transitions = [
        {"type": "crossfade", "fromSegment": f"shot-{n - 1}", "toSegment": f"shot-{n}", "duration": {"frames": 10}}
        for n in range(10, CUTS, 10)
    ]
    sources = [{"id": name, "assetId": f"asset-{name}", "kind": "video", "url": f"{name}.mp4"} for name in "ab"]
    track = {"id": "video", "segments": segments, "transitions": transitions}
    return parse_komposition({"sources": sources, "tracks": {"video": [track]}})


if __name__ == "__main__":
    main()
