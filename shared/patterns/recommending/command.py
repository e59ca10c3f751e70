"""`python -m shared.patterns evaluate FILE`: which model recommends the next item best, on sequences that stand in a file."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shared.patterns.recommending.choosing import Candidate, chosen, compare
from shared.patterns.recommending.session import Session, sessions_of
from shared.patterns.recommending.splitting import HELD_OUT, Split, split

_MOST = 20_000
_PROTOCOL = """protocol: models learn from the first lines, and the last 20 % (--test-fraction) are held out, because files are
usually in the order of time; with --seed, lines picked by chance are held out; with --test, all lines of another file. Every item
of a held-out line but the first is predicted from all items before it in its line. A prediction is a list of ten items; any item
may be in it, also one that the line holds already. hit@1 and hit@10 are the shares of predictions that have the item that came in
first place or anywhere; MRR@10 is the mean of 1 / its place, 0 if it is not there. An item that was never learned is a miss.
Items of the same probability stand in the order of their frequency, then of their names. What models tune, they tune on the
learned lines alone. Chosen is the model with the highest mean of hit@10 and MRR@10, of equals the simplest."""


def main(argv: Sequence[str]) -> int:
    """Print how well every model does. Returns 2, with a sentence, if the file does not hold two sequences to compare on."""
    arguments = _parser().parse_args(argv)
    try:
        learned, held_out = _read(arguments)
    except (OSError, UnicodeDecodeError) as error:
        return _refused(f"The file cannot be read: {error}")
    if not any(len(session.items) > 1 for session in held_out) or not learned:
        return _refused(
            "Too little to evaluate on: a held-out line needs two items, and another line is needed to learn from."
        )
    candidates = compare(learned, held_out, arguments.predictions or None)
    report = _report(arguments, learned, held_out, candidates)
    print(json.dumps(report, indent=2) if arguments.json else _table(report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shared.patterns evaluate",
        description=__doc__,
        epilog=_PROTOCOL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="one sequence a line, its items separated by white space"
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    parser.add_argument("--test-fraction", type=_fraction, default=HELD_OUT, help="share of lines held out (0.2)")
    parser.add_argument(
        "--seed", type=int, help="hold out lines that chance picks, by this seed, and not the last ones"
    )
    parser.add_argument(
        "--test", type=Path, metavar="FILE", help="hold out the lines of this file, and none of the other"
    )
    parser.add_argument(
        "--predictions", type=int, default=_MOST, metavar="N",
        help=f"predict at most so many items, evenly spread over the held-out lines ({_MOST}); 0: all",
    )  # fmt: skip
    return parser


def _fraction(text: str) -> float:
    fraction = float(text)
    if not 0 < fraction < 1:
        raise argparse.ArgumentTypeError("the share of lines held out must lie between 0 and 1")
    return fraction


def _read(arguments: argparse.Namespace) -> Split:
    sessions = _sessions(arguments.file)
    if arguments.test:
        return sessions, _sessions(arguments.test)
    return split(sessions, arguments.test_fraction, arguments.seed)


def _sessions(path: Path) -> list[Session]:
    with path.open(encoding="utf-8") as lines:
        return sessions_of(line.split() for line in lines)


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def _report(
    arguments: argparse.Namespace,
    learned: Sequence[Session],
    held_out: Sequence[Session],
    candidates: Sequence[Candidate],
) -> dict[str, Any]:
    possible = sum(len(session.items) - 1 for session in held_out)
    made = candidates[0].quality.predictions
    picked = (
        "another file" if arguments.test else "last lines" if arguments.seed is None else f"by seed {arguments.seed}"
    )
    return {
        "learned": len(learned),
        "heldOut": len(held_out),
        "heldOutPicked": picked,
        "items": len({item for session in learned for item in session.items}),
        "possiblePredictions": possible,
        "predictions": made,
        "sampled": made < possible,
        "models": [
            {"name": each.name, **_rounded(asdict(each.quality)), "fitSeconds": round(each.seconds, 3)}
            for each in candidates
        ],
        "chosen": chosen(candidates).name,
    }


def _rounded(quality: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1 if name == "microseconds" else 6) for name, value in quality.items()}


def _table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['learned']:,} sequences of {report['items']:,} different items learned; "
        f"{report['heldOut']:,} held out ({report['heldOutPicked']})",
        f"{report['predictions']:,} predictions"
        + (f", a sample of {report['possiblePredictions']:,} (--predictions 0 makes all)" if report["sampled"] else ""),
        "",
        f"{'model':<12}{'hit@1':>8}{'hit@10':>8}{'MRR@10':>8}{'calibration':>13}{'µs each':>9}{'fitted in s':>13}",
    ]
    for model in report["models"]:
        mark = " <- chosen" if model["name"] == report["chosen"] else ""
        lines.append(
            f"{model['name']:<12}{model['hit1']:>8.4f}{model['hit10']:>8.4f}{model['mrr10']:>8.4f}"
            f"{model['calibration']:>13.3f}{model['microseconds']:>9.0f}{model['fitSeconds']:>13.2f}{mark}"
        )
    return "\n".join(lines)
