"""Which type a document is."""
