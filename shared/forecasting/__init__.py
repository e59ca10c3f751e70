"""Forecasting: what a series will do next, and where it did what was not to be expected."""
