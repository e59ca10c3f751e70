"""Tests of shared.kompositions.store."""
