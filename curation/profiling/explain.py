"""`curation explain OUT KEY` of a profile: what was measured of one image, and which stages would drop it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from curation import recipe
from curation.assess import columns
from curation.explain import facts, find, rows_of, stage_lines
from curation.profiling.figures import would_drop
from curation.shards.schema import signals_schema


def explain(output: str, record: dict[str, Any], key: str) -> str:
    """The story of the image `key` in the profile in `output`, whose manifest is `record`. Raises UnknownKey."""
    part, row = find(output, key)
    stages = recipe.from_dict(record["recipe"]).stages
    alone = pa.Table.from_pylist([row], signals_schema(columns(stages)))
    reasons = {stage.name: would_drop(stage, alone)[0] for stage in stages}
    lines = facts(record, part, row)
    lines += [line for stage in stages for line in stage_lines(stage, row, reasons[stage.name] is not None)]
    lines += [f"would go   {stage}: {reason}" for stage, reason in reasons.items() if reason]
    if row["dropped_by"]:
        lines.append(f"failed     at {row['dropped_by']}: {row['reason']}")
    elif not any(reasons.values()):
        lines.append("would pass all stages")
    if row["duplicate_of"]:
        lines.append(f"copy of    {row['duplicate_of']}")
    rejected = rows_of(key, output, "rejects", part, ("error", "message"))
    return "\n".join([*lines, *(f"reject     {reject['error']}: {reject['message']}" for reject in rejected)])
