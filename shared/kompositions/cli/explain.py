"""explain: which variant a document is and why, and what its segments mean in seconds and frames."""

import argparse
import json
import sys
from fractions import Fraction
from typing import Any

from shared.kompositions.cli.files import Entry, read_entries
from shared.kompositions.cli.options import ERRORS, OK, Subparsers, add_command
from shared.kompositions.cli.wording import findings_json, findings_text, summary
from shared.kompositions.importing.explaining import Row, explain_rows
from shared.kompositions.model import EffectNode, Komposition
from shared.kompositions.timing import plan_timeline

_HEAD = ("track", "segment", "source", "seconds", "frames", "of source", "speed", "")
_WIDEST = 32


def add_parser(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    add_command(
        subparsers, "explain", "Show which variant documents are and why, and what their parts mean in time.", run
    )


def run(chosen: argparse.Namespace) -> int:
    """Explain. 0: no document has errors; 1: one has."""
    entries = list(read_entries(chosen))
    if chosen.json:
        sys.stdout.write(json.dumps([_json(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n\n".join("\n".join(_text(entry)) for entry in entries) + "\n")
    return ERRORS if any(entry.imported.errors for entry in entries) else OK


def _text(entry: Entry) -> list[str]:
    imported = entry.imported
    lines = [f"{entry.name}: {summary(imported)}"]
    lines += [f"  {found.variant:>{_VARIANT}} {found.weight:+3d}  {found.reason}" for found in imported.evidence]
    lines += findings_text(imported)
    if imported.komposition is not None:
        lines += ["", *(f"  {line}" for line in _film(imported.komposition))]
    return lines


_VARIANT = len("E-composition-plan")


def _film(komposition: Komposition) -> list[str]:
    timeline, output = plan_timeline(komposition), komposition.output
    head = (
        f"{komposition.title or 'Untitled'}: {float(timeline.duration):.3f} s, {timeline.total_frames} frames"
        f" at {float(timeline.rate):g} fps, {output.width}x{output.height}, {komposition.bpm:g} bpm"
    )
    effects = [_effect(node) for node in komposition.effects]
    table = _table([_HEAD, *(_cells(row) for row in explain_rows(komposition))])
    return [head, "", *table, *(["", *effects] if effects else [])]


def _effect(node: EffectNode) -> str:
    """An effect over several things, and what it works on."""
    inputs = ", ".join(entry.id or "everything" for entry in node.inputs)
    return f"effect {_printable(node.id)}: {node.type} on {_printable(inputs)}"


def _cells(row: Row) -> tuple[str, ...]:
    piece = f"from {_seconds(row.source_start)}"
    if row.source_duration is not None:
        piece = f"{_seconds(row.source_start)} + {_seconds(row.source_duration)}"
    return (
        row.track,
        row.id,
        row.source,
        f"{_seconds(row.start)} - {_seconds(row.end)}",
        f"{row.frames[0]} - {row.frames[1]}" if row.frames else "",
        piece,
        f"{float(row.speed):.3f}x" if row.speed is not None else "",
        ", ".join(row.remarks),
    )


def _seconds(value: Fraction | None) -> str:
    return "end" if value is None else f"{float(value):.3f}"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    shown = [[*(_printable(cell) for cell in row[:-1]), row[-1]] for row in rows]
    widths = [max(len(row[column]) for row in shown) for column in range(len(shown[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]


def _printable(text: str) -> str:
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    return clean if len(clean) <= _WIDEST else f"{clean[: _WIDEST - 1]}…"


def _json(entry: Entry) -> dict[str, Any]:
    imported = entry.imported
    told: dict[str, Any] = {
        "file": entry.file,
        "document": entry.number,
        "variant": imported.variant,
        "evidence": [vars(found) for found in imported.evidence],
        "findings": findings_json(imported),
    }
    if imported.komposition is not None:
        timeline = plan_timeline(imported.komposition)
        told["seconds"], told["frames"] = float(timeline.duration), timeline.total_frames
        told["effects"] = [
            {"id": node.id, "type": node.type, "inputs": [entry.id for entry in node.inputs]}
            for node in imported.komposition.effects
        ]
        told["parts"] = [_row_json(row) for row in explain_rows(imported.komposition)]
    return told


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "track": row.track,
        "id": row.id,
        "sourceId": row.source,
        "start": float(row.start),
        "end": None if row.end is None else float(row.end),
        "startFrame": row.frames[0] if row.frames else None,
        "endFrame": row.frames[1] if row.frames else None,
        "sourceStart": float(row.source_start),
        "sourceDuration": None if row.source_duration is None else float(row.source_duration),
        "speed": None if row.speed is None else float(row.speed),
        "remarks": list(row.remarks),
    }
