"""Clips: the best moments of a recording, found by a prompt, framed, captioned and rendered as kompositions."""
