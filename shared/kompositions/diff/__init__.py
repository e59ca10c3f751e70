"""What changed between two kompositions, in the words of the person who changed it."""

from shared.kompositions.diff.change import Change, ChangeKind
from shared.kompositions.diff.kompositions import diff_kompositions

__all__ = ["Change", "ChangeKind", "diff_kompositions"]
