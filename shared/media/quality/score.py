"""The score: 10 less a penalty for every defect, never below 0.

    score = 10 - 2.0 black - 1.5 frozen - 1.5 silent - 1.5 loudness - 1.0 peak - 2.0 length - 5.0 fidelity

Each word stands for a severity from 0 (nothing wrong) to 1, linear between two bounds that Kompo has set:

    black, frozen, silent   the share of the film that is so
    loudness                LU outside of -24 … -9 LUFS, the range from broadcast to loud music; 0 … 15 LU
    peak                    true peak, -1 … +2 dBTP (EBU R 128 allows -1); from 0 on, players clip
    length                  difference in length of picture and sound, 0.04 … 1 s (ITU-R BT.1359: 45 ms are not noticed)
    fidelity                VMAF, 95 … 25 (95: no difference is seen); without it SSIM, 0.99 … 0.70

What was not measured costs nothing. No defect can raise the score by growing.
"""

from dataclasses import dataclass

WEIGHTS = {
    "black": 2.0,
    "frozen": 1.5,
    "silent": 1.5,
    "loudness": 1.5,
    "peak": 1.0,
    "length": 2.0,
    "fidelity": 5.0,
}
BEST = 10.0
QUIETEST, LOUDEST = -24.0, -9.0
"""LUFS between which loudness is a choice and no defect."""


@dataclass(frozen=True)
class Defects:
    """What the score is made of: shares from 0 to 1, LUFS, dBTP, seconds, VMAF and SSIM. None: not measured."""

    black: float = 0.0
    frozen: float = 0.0
    silent: float = 0.0
    integrated: float | None = None
    true_peak: float | None = None
    length_difference: float = 0.0
    vmaf: float | None = None
    ssim: float | None = None


def score(defects: Defects) -> float:
    """From 0 to 10, in hundredths."""
    penalty = sum(WEIGHTS[name] * severity for name, severity in severities(defects).items())
    return round(max(0.0, BEST - penalty), 2)


def severities(defects: Defects) -> dict[str, float]:
    """How bad each kind of defect is, from 0 to 1, by the names of `WEIGHTS`."""
    return {
        "black": _between(defects.black, 0, 1),
        "frozen": _between(defects.frozen, 0, 1),
        "silent": _between(defects.silent, 0, 1),
        "loudness": _between(_outside(defects.integrated), 0, 15),
        "peak": 0.0 if defects.true_peak is None else _between(defects.true_peak, -1, 2),
        "length": _between(defects.length_difference, 0.04, 1),
        "fidelity": _unlike(defects),
    }


def _outside(integrated: float | None) -> float:
    if integrated is None:
        return 0.0
    return max(QUIETEST - integrated, integrated - LOUDEST, 0.0)


def _unlike(defects: Defects) -> float:
    if defects.vmaf is not None:
        return _between(-defects.vmaf, -95, -25)
    return 0.0 if defects.ssim is None else _between(-defects.ssim, -0.99, -0.70)


def _between(value: float, nothing: float, worst: float) -> float:
    return min(1.0, max(0.0, (value - nothing) / (worst - nothing)))
