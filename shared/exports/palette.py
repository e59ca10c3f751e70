"""Colours that differ in lightness too: a page printed in grey, or seen by who cannot tell red from green, still reads."""

INK = "#17212b"
QUIET = "#5d6975"
FAINT = "#c9d0d6"
PAPER = "#f4f6f8"
ACCENT = "#0b6e99"
GOOD = "#1b7a43"
BAD = "#b3261e"
TARGET = "#8a5a00"
SERIES = ("#0b4f7d", "#d1741c", "#3f9c7a", "#8c3b6f", "#7d8790", "#b59a1d")
"""Of series, darkest first."""
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = ("-", (0, (5, 2)), (0, (1, 1.4)), (0, (6, 1.5, 1.2, 1.5)), (0, (3, 1)), (0, (8, 3)))
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
