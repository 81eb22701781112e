"""All SQL of the dashboards, a module per group of marts; each function returns a frame or a row."""
