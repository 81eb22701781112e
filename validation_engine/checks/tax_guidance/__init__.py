"""Checks on what tax guidance states: thresholds, rates, time limits."""
