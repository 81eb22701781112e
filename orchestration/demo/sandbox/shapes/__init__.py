"""Every object as the pinned API version shows it, with the values it has when nothing else is said."""
