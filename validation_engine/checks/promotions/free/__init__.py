"""The check that nothing is called free that has a charge."""
