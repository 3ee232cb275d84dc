"""The accountability cube: additive parts of figures by office, valid day and known day."""
