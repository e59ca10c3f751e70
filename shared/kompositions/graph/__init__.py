"""Pictures and sound of a komposition as streams of an FFmpeg graph: tracks, layouts, effects over runs, the mix."""
