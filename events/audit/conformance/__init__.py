"""The normative process, read once more from the text, and a history judged by it.

An own reading with own code: a fault of the write side shows here, and the other way round.
"""
