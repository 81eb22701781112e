"""Checks on letters and contracts of employment."""
