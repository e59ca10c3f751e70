"""plan: the steps of a render before it begins, what each takes and costs, and what earlier renders spare."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from shared.kompositions.cli.files import Entry, read_entries
from shared.kompositions.cli.media import add_media, find_media, open_cache
from shared.kompositions.cli.options import ERRORS, OK, Subparsers, add_command
from shared.kompositions.cli.wording import findings_text, summary

if TYPE_CHECKING:
    from shared.kompositions.passes import RenderPlan


def add_parser(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    add_media(add_command(subparsers, "plan", "Tell what rendering takes: steps, time, cost, what is copied.", run))


def run(chosen: argparse.Namespace) -> int:
    """Plan. 0: every document can be rendered; 1: one cannot."""
    from shared.core.errors import KompoError

    status = OK
    told = []
    for entry in read_entries(chosen):
        try:
            plan = _plan(entry, chosen)
        except KompoError as error:
            sys.stderr.write("\n".join([f"{entry.name}: {error.detail}", *problems(error)]) + "\n")
            plan = None
        if plan is None:
            status = ERRORS
        elif chosen.json:
            told.append({"file": entry.file, "document": entry.number, **plan.to_json()})
        else:
            sys.stdout.write("\n".join([f"{entry.name}: {headline(plan)}", *steps_text(plan)]) + "\n")
    if chosen.json:
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return status


def _plan(entry: Entry, chosen: argparse.Namespace) -> "RenderPlan | None":
    from shared.kompositions.passes import RenderOptions, plan_render

    komposition = entry.imported.komposition
    if komposition is None:
        sys.stderr.write("\n".join([f"{entry.name}: {summary(entry.imported)}", *findings_text(entry.imported)]) + "\n")
        return None
    options = RenderOptions(copy_sources="never" if chosen.no_copy else "gainful")
    return plan_render(komposition, find_media(komposition, chosen), open_cache(chosen), options=options)


def headline(plan: "RenderPlan") -> str:
    """A plan in a line."""
    spared = plan.cached_frames + plan.copied_frames
    return (
        f"{plan.film_seconds:.2f} s, {plan.frames} frames; {spared} copied, {plan.encoded_frames} to encode; "
        f"about {plan.seconds:.1f} s and ${plan.cost_usd:.4f}"
    )


def steps_text(plan: "RenderPlan") -> list[str]:
    """A line for each step, and one for each remark."""
    lines = [
        f"  {step.kind.value:<12} frames {step.start:>7}-{step.stop:<7} {step.film_seconds:>8.2f} s of film"
        f"   {step.seconds:>7.2f} s  ${step.cost_usd:.5f}   {step.detail}"
        for step in plan.steps
    ]
    return [*lines, *(f"  {note}" for note in plan.notes)]


def problems(error: Exception) -> list[str]:
    """A line for each thing that a KompoError points at."""
    return [f"  {found.pointer} [{found.code}] {found.detail}" for found in getattr(error, "errors", ())]
