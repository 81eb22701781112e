"""Checks on what an employee is due: notice, holiday, pay."""
