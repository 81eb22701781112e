"""Files of the operator's own as a source: exchange rates and merged customers."""
