"""Notifications: what is told to people, by which channel, and what became of it."""
