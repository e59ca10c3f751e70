"""What the families have in common: reading slots, sources, sound, effects and the like under all their names."""
