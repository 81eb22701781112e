"""From a document and its gates to verdicts: which gates apply, what each answers, what a caller sees."""
