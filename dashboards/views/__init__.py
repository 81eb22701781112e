"""Pages: each module has one `render(context)`, without SQL and without arithmetic."""
