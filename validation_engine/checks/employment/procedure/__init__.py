"""Checks on disciplinary, grievance and appeal letters: who acts, what is said, by when."""
