"""Recommending: what comes next, from what came next before."""
