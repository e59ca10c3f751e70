"""The demo: the main job of the suite on real media, as a user's program would ask for it."""
