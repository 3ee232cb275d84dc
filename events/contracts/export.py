"""Writes the contracts for other tools: event schemas here, AsyncAPI of both topics elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from events.contracts.catalogue import ALL
from events.contracts.schemas import compatible, schema_of


class BreakingChangeError(Exception):
    """An event's body changed in a way that its readers do not survive."""


def write_schemas(folder: Path) -> int:
    """Write one JSON Schema a wire name; return how many changed. Raises BreakingChangeError."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = 0
    for name, event in sorted(ALL.classes.items()):
        file, schema = folder / f"{name}.json", schema_of(event)
        if file.exists() and (faults := compatible(json.loads(file.read_text("utf-8")), schema)):
            raise BreakingChangeError(f"{name}: {'; '.join(faults)}")
        text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
            changed += 1
    return changed
