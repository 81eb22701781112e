"""One linear scan of a document for all patterns, and the scopes a match stands in."""
