"""Checks on confidentiality and settlement agreements."""
