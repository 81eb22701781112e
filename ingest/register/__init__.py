"""The tenant register and the plan catalogue as a source, photographed daily and whenever they change."""
