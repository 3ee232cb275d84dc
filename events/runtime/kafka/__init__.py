"""Apache Kafka for one computer: jars through Maven, one or three KRaft nodes on loopback."""

from events.runtime.kafka.cluster import EmbeddedKafka

__all__ = ["EmbeddedKafka"]
