"""Prompts: what users ask clips to be, as presets and their own texts with typed variables."""
