"""Writes all that comes of one unit: shard, signals, rejects, and last the marker that says it is done.

Each file appears whole or not at all, under a name that the unit's number gives: doing a unit again writes the same
bytes over them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from curation import storage
from curation.assess import Outcome, known
from curation.output import marker
from curation.shards import write
from curation.shards.schema import CURATED, REJECTS, Row, signals_schema
from curation.shards.unit import Unit, part


def commit(
    output: str,
    format: str,
    unit: Unit,
    signals: Sequence[str],
    judged: Iterable[tuple[Row, Outcome]],
    schema: pa.Schema = CURATED,
    rejects_schema: pa.Schema = REJECTS,
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the unit's rows, in order, each with its outcome. Returns what the marker holds.

    `signals` are the names of the columns, `schema` is the shard's, `rejects_schema` that of the rejects, `also` is put
    into the marker.
    """
    name = part(unit.number)
    counts: Counter[str] = Counter()
    table = []
    with (
        write.shard(storage.join(output, "shards"), name, format, schema) as shard,
        write.Rejects(storage.join(output, "rejects", name + ".parquet"), rejects_schema) as rejects,
    ):
        for row, outcome in judged:
            table.append(signals_row(outcome, signals))
            counts[outcome.dropped_by or "kept"] += 1
            if outcome.failed:
                rejects.add(row, outcome.failed, outcome.reply)
            elif outcome.kept:
                shard.add(row, outcome.width or 0, outcome.height or 0, str(outcome.format))
    write.table(storage.join(output, "signals", name + ".parquet"), table, signals_schema(list(signals)))
    done = {"rows": len(table), "counts": dict(sorted(counts.items())), **(also or {})}
    storage.write_atomic(marker(output, unit.number), json.dumps(done).encode())
    return done


def signals_row(outcome: Outcome, signals: Sequence[str]) -> dict[str, Any]:
    """One row of the signals table."""
    facts = {
        "key": outcome.key,
        "source": outcome.source,
        "bytes": outcome.size,
        "width": outcome.width,
        "height": outcome.height,
        "format": outcome.format,
        "sha256": outcome.sha256,
    }
    verdict = {"dropped_by": outcome.dropped_by, "reason": outcome.reason, "duplicate_of": outcome.duplicate_of}
    return facts | {name: known(outcome.signals.get(name)) for name in signals} | verdict
