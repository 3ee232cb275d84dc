"""The shared language, the log that keeps it and the bus that carries it."""
