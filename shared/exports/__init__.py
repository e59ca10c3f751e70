"""Exports: tables and charts as files."""
