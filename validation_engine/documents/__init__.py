"""From bytes or text to one document model with places."""
