"""Eventarc on this machine: takes CloudEvents, keeps them, and delivers each to the functions whose triggers match."""
