"""Pages for our own people, on the internal warehouse."""
