"""The tenant register and the plan catalogue as a source: a snapshot a day and whenever they change."""
