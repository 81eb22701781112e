"""Brings everything observed outside the warehouse into the landing zone, once."""
