"""Who may do this now: the one decision, made in one order, and the limits that go with it."""
