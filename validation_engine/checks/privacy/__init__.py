"""Checks on privacy documents."""
