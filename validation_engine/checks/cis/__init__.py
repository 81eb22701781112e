"""Checks on deductions under the Construction Industry Scheme."""
