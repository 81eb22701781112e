"""Edits that mend what gates found: proposed, merged, applied, validated again."""
