"""The labels a person gave: one line of JSON each in OUT/calibration/STAGE.LIMIT.jsonl, written at once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from curation import storage
from curation.calibration.sample import Item
from curation.mistake import SettingsError

DROP, KEEP, SKIP = "drop", "keep", "skip"
LABELS = (DROP, KEEP, SKIP)


class Labels:
    """The labels in a file, by image: key and SHA-256, so that a label outlives the sample but not its picture."""

    def __init__(self, path: str):
        """Raises SettingsError where the file holds something else."""
        self.path = path
        self._given: dict[tuple[str, str | None], dict[str, object]] = {}
        lines = storage.read_bytes(path).decode("utf-8", "replace").splitlines() if storage.exists(path) else []
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                if record["label"] not in LABELS:
                    raise ValueError
                self._given[record["key"], record["sha256"]] = record
            except (ValueError, KeyError, TypeError) as error:
                raise SettingsError(f"{path}, line {number}: this is no label: mend the file or delete it") from error

    def of(self, items: Sequence[Item]) -> list[str | None]:
        """The label of each item, None where it has none."""
        found = [self._given.get((item.key, item.sha256)) for item in items]
        return [str(record["label"]) if record else None for record in found]

    def put(self, item: Item, label: str | None) -> None:
        """Give `item` a label, or take it back, and write all to the file, which is never half-written."""
        self._given.pop((item.key, item.sha256), None)
        if label is not None:
            record: dict[str, object] = {"key": item.key, "sha256": item.sha256, "value": item.value, "label": label}
            self._given[item.key, item.sha256] = record
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in self._given.values())
        storage.write_atomic(self.path, text.encode("utf-8", "backslashreplace"))
