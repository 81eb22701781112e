"""Gates as data: their schema, their files, and the ruleset they make."""
