"""The engine under every read model; the usual one subclasses `readmodel.ReadModel`."""
