"""The data plane over HTTP: validations, corrections, gates and their history."""
