"""Checks business documents against rulesets; pure but for `api` and `cli`."""
