"""Weights of words, learned from labelled text: what kind of document it is, and what a sentence says."""
