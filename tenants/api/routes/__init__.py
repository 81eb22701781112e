"""One file a resource; each holds `routes`."""
