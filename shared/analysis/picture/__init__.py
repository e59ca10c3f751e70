"""What is seen: scenes and faces."""

from shared.analysis.picture.looking import Seen, look_at

__all__ = ["Seen", "look_at"]
