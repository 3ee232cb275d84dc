"""The bus: the log on Kafka, and back; topics, wire format, publisher, reader, command inbox."""
