"""The append-only event log: port, adapters, sequencer, Merkle tree."""
