"""One group of `loki` commands a file: arguments in, one function called, words out."""
