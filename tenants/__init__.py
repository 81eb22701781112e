"""Who may do what on which plan, where their data lies, and how they are billed."""
