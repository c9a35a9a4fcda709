"""Law 1, conservation: for each stage read = kept + dropped + failed, by count and by key.

Read back from the files themselves, part by part, so that what is checked is what a reader will find.
"""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from curation import storage
from curation.assess import DECODE
from curation.shards import tables
from curation.shards.unit import part


class Mismatch(RuntimeError):
    """Rows were lost or doubled. The message has the figures."""


@dataclass
class Account:
    """Counts of a whole run: by who dropped it, and how many of these failed rather than crossed a limit."""

    read: int
    dropped: Counter[str]
    failed: Counter[str]

    @property
    def kept(self) -> int:
        return self.read - self.dropped.total()

    def check_rejects(self, stage: str, what: str) -> None:
        """Check that all that `stage` dropped failed: `what` became of them. Raises Mismatch."""
        if self.dropped[stage] != self.failed[stage]:
            raise Mismatch(f"{self.dropped[stage]} {what}, {self.failed[stage]} are in rejects")

    def as_dict(self, stages: Sequence[str]) -> dict[str, Any]:
        """The counts of the manifest: images read and kept, and the funnel a stage."""
        funnel, left = [], self.read - self.dropped[DECODE]
        for stage in stages:
            gone, failed = self.dropped[stage], self.failed[stage]
            funnel.append(
                {"stage": stage, "read": left, "kept": left - gone, "dropped": gone - failed, "failed": failed}
            )
            left -= gone
        return {"read": self.read, "unreadable": self.dropped[DECODE], "kept": self.kept, "stages": funnel}


def account(output: str, format: str | None, rows: Sequence[int]) -> Account:
    """Count the `output` of all units, `rows` planned in each; without a `format` it has no shards. Raises Mismatch."""
    total = Account(0, Counter(), Counter())
    for number, planned in enumerate(rows):
        verdicts = _verdicts(output, number)
        if len(verdicts) != planned:
            raise Mismatch(f"{part(number)}: {planned} rows planned, {len(verdicts)} in signals")
        rejected = _rejected(output, number)
        if format is not None:
            kept = [key for key, by in verdicts if by is None]
            _compare(f"{part(number)}: kept by signals, in the shard", kept, _shard_keys(output, format, number))
        failed = Counter(stage for _, stage in rejected)
        by_stage = [(key, by) for key, by in verdicts if by == DECODE or by in failed]
        if not set(rejected) <= set(by_stage) or failed[DECODE] != sum(by == DECODE for _, by in verdicts):
            raise Mismatch(f"{part(number)}: rejects {len(rejected)} do not match the signals' {len(by_stage)}")
        total.read += len(verdicts)
        total.dropped.update(by for _, by in verdicts if by is not None)
        total.failed.update(failed)
    return total


def _compare(what: str, one: list[str], other: list[str]) -> None:
    if one != other:
        lost, doubled = Counter(one) - Counter(other), Counter(other) - Counter(one)
        raise Mismatch(f"{what}: {len(one)} against {len(other)}; lost {list(lost)[:5]}, added {list(doubled)[:5]}")


def _verdicts(output: str, number: int) -> list[tuple[str, str | None]]:
    path = storage.join(output, "signals", part(number) + ".parquet")
    table = tables.read(path, ["key", "dropped_by"])
    return list(zip(table["key"].to_pylist(), table["dropped_by"].to_pylist(), strict=True))


def _rejected(output: str, number: int) -> list[tuple[str, str]]:
    path = storage.join(output, "rejects", part(number) + ".parquet")
    if not storage.exists(path):
        return []
    table = tables.read(path, ["key", "stage"])
    return list(zip(table["key"].to_pylist(), table["stage"].to_pylist(), strict=True))


def _shard_keys(output: str, format: str, number: int) -> list[str]:
    path = storage.join(output, "shards", part(number))
    if format == "parquet":
        keys: list[str] = tables.read(path + ".parquet", ["key"])["key"].to_pylist()
        return keys
    with storage.open_read(path + ".tar") as file, tarfile.open(fileobj=file) as tar:
        members = [tar.extractfile(member) for member in tar if member.name.endswith(".json")]
        return [json.loads(member.read())["key"] for member in members if member]
