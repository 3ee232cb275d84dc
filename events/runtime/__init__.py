"""What a process stands on: settings, logs, clock, ids, telemetry, embedded servers."""
