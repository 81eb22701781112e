"""Checks on financial promotions."""
