"""Shards of latents and text embeddings, as `curation encode` writes them: what a row is, the plan, reading.

The plan stands beside the shards from the moment the producer starts, and says how many rows each part is to have.
The order of a training run is a function of the plan, so that it can begin while the producer is at work: a part that
is not there yet is waited for. A part appears whole, by a rename.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch import Tensor

from curation import storage
from curation.shards import tables
from curation.shards.unit import part
from train.data.labels import Label
from train.data.source import DataError
from train.data.stream import Bad, Choice, Encoded, Item, NotYet, amounts
from train.data.weighing import COLUMN, Tally

SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("latents", pa.binary()),
        ("latents_shape", pa.list_(pa.int32())),
        ("text", pa.binary()),
        ("tokens", pa.int32()),
        ("caption", pa.string()),
        ("grade", pa.string()),
        ("tier", pa.string()),
        ("domain", pa.string()),
        ("language", pa.string()),
        ("category", pa.string()),
        ("weight", pa.float64()),
        ("source", pa.string()),
    ]
)
"""An encoded shard. `width` and `height` of the picture in pixels, as it was encoded; `latents` are float16, of
`latents_shape`; `text` is bfloat16, [tokens, width of the encoder]. The columns from `grade` to `category` are the
row's label."""

ROW_GROUP = 8
"""Rows of a row group: what has to be read for one row, a few megabytes with the largest encoder."""

LATENTS, TEXT = torch.float16, torch.bfloat16
"""How numbers are kept. Latents are of unit variance, where float16 errs by a two-thousandth at most; of text encoders
some numbers are in the thousands, and the released one computes in bfloat16 anyway."""

PLAN = "plan.parquet"

_PLAN = pa.schema([("rows", pa.int32()), ("tallies", pa.string())])

_LABEL = [field.name for field in fields(Label)]


@dataclass(frozen=True)
class Format:
    """What all rows of an encoded output have in common: names of codec and encoder, `channels` of latents, `width` of
    text, `size` of the buckets."""

    codec: str
    encoder: str
    channels: int
    width: int
    size: int


@dataclass(frozen=True)
class Plan:
    """An encoded output as it is, or will be. `rows`: of each part those that were to be encoded; `tallies`: these by
    their labels."""

    format: Format
    rows: Sequence[int]
    tallies: Sequence[Mapping[Label, Tally]]


def save_plan(output: str, plan: Plan) -> None:
    """Publish the plan of the output folder `output`."""
    counted = [
        [[astuple(known), astuple(tally)] for known, tally in sorted(part.items(), key=str)] for part in plan.tallies
    ]
    table = pa.table({"rows": list(plan.rows), "tallies": list(map(json.dumps, counted))}, _PLAN)
    table = table.replace_schema_metadata({"format": json.dumps(asdict(plan.format))})
    with storage.create(storage.join(output, PLAN)) as file:
        pq.write_table(table, file, compression="zstd")


def load_plan(output: str) -> Plan | None:
    """The plan of `output`; None if that is no encoded output. Raises DataError."""
    path = storage.join(output, PLAN)
    if not storage.exists(path):
        if _state(storage.join(output, "work")).get("command") == "encode":
            raise DataError(f"{output} is being planned by `curation encode`: begin when {path} is there")
        return None
    try:
        table = tables.read(path)
        about = Format(**json.loads(table.schema.metadata[b"format"]))
        counted = (json.loads(text) for text in table["tallies"].to_pylist())
        known = cache(Label)  # few differ, in many parts
        tallies = [{known(*names): Tally(*tally) for names, tally in unit} for unit in counted]
        return Plan(about, table["rows"].to_pylist(), tallies)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path} is no plan of this version of `curation encode`: {' '.join(str(error).split())}"
        ) from error


def check(path: str, about: Format, size: int, codec: str, encoder: str) -> None:
    """Raises DataError unless `path` was encoded as the config has it."""
    pairs = ("codec", about.codec, codec), ("text encoder", about.encoder, encoder), ("resolution", about.size, size)
    for what, held, wanted in pairs:
        if held != wanted:
            raise DataError(f"{path} was encoded with the {what} {held}, the config has {wanted}: encode it anew")


def record(latents: Tensor, text: Tensor) -> dict[str, Any]:
    """The columns of a row that hold numbers. Raises ValueError if they are not finite, or too large to be kept."""
    return {
        "latents": _bytes(latents, LATENTS),
        "latents_shape": list(latents.shape),
        "text": _bytes(text, TEXT),
        "tokens": len(text),
        "width": latents.shape[2] * 8,
        "height": latents.shape[1] * 8,
    }


def _bytes(numbers: Tensor, kind: torch.dtype) -> bytes:
    kept = numbers.detach().cpu().to(kind).contiguous()
    if not torch.isfinite(kept).all():
        raise ValueError(f"its code has numbers that are not finite in {str(kind).removeprefix('torch.')}")
    return kept.view(torch.int16).numpy().tobytes()


def _tensor(data: bytes, kind: torch.dtype, shape: Sequence[int]) -> Tensor:
    return torch.frombuffer(bytearray(data), dtype=torch.int16).view(kind).reshape(*shape)


class Parts:
    """The chosen rows of an encoded output, whose parts may still be on their way."""

    in_order = True

    def __init__(self, output: str, plan: Plan, choice: Choice):
        self._output, self._choice = output, choice
        self.amounts = amounts(plan.tallies, choice)

    def read(self, unit: int, places: Collection[float]) -> dict[float, Item]:
        """See Shards."""
        path = storage.join(self._output, "shards", part(unit) + ".parquet")
        if not storage.exists(path):
            raise NotYet(f"{path}: {_producer(self._output, path)}")
        try:
            with tables.opened(path) as parquet:
                chosen, ends = self._line(parquet)
                return _read(parquet, chosen, ends, places, f"{part(unit)} of {self._output}")
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"{path} cannot be read: {' '.join(str(error).split())}") from error

    def _line(self, parquet: pq.ParquetFile) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The numbers of the chosen rows of a part, and where each ends on their line."""
        names = ([] if self._choice.all else _LABEL) + ([] if self.amounts.masses is None else [COLUMN])
        if not names:
            rows = np.arange(parquet.metadata.num_rows)
            return rows, rows + 1.0
        records = parquet.read(columns=names, use_threads=False).to_pylist()
        weights = np.array([record.pop(COLUMN, 1.0) for record in records])
        takes = self._choice.takes
        chosen = np.array(
            [n for n, record in enumerate(records) if self._choice.all or takes(Label(**record))], np.int64
        )
        return chosen, np.cumsum(weights[chosen])


def _producer(output: str, path: str) -> str:
    """What is known of the job that is to write `path`. Raises DataError if it is complete."""
    state = _state(output)
    if state.get("status") == "complete" and not storage.exists(path):
        raise DataError(f"{path} is missing, though {output} is complete: encode it anew")
    if state.get("status") == "failed":
        return f"`curation encode` failed ({state.get('error')}), unless it was started again since"
    return "`curation encode` has not written it yet"


def _state(folder: str) -> dict[str, Any]:
    """What `run.json` in a folder says of the job; nothing if there is none."""
    file = storage.join(folder, "run.json")
    state: dict[str, Any] = json.loads(storage.read_bytes(file)) if storage.exists(file) else {}
    return state


def _read(
    parquet: pq.ParquetFile,
    chosen: NDArray[np.int64],
    ends: NDArray[np.float64],
    places: Collection[float],
    name: str,
) -> dict[float, Item]:
    """Of a part the `chosen` rows at these places, by where each ends: no row group is read in vain."""
    at = dict(zip(places, np.searchsorted(ends, list(places), "right").tolist(), strict=True))
    numbers = {place: int(chosen[row]) for place, row in at.items() if row < len(chosen)}
    items, first = dict[int, Item](), 0
    for group in range(parquet.num_row_groups):
        last = first + parquet.metadata.row_group(group).num_rows
        if here := {number for number in numbers.values() if first <= number < last}:
            table = parquet.read_row_group(group, columns=_COLUMNS, use_threads=False)
            items |= {number: _item(table.slice(number - first, 1).to_pylist()[0]) for number in here}
        first = last
    found: dict[float, Item] = {place: items[number] for place, number in numbers.items()}
    return found | {place: Bad(f"{name}#{row}", "not encoded") for place, row in at.items() if place not in numbers}


_COLUMNS = ["key", "latents", "latents_shape", "text", "tokens"]


def _item(row: dict[str, Any]) -> Encoded:
    text = _tensor(row["text"], TEXT, (row["tokens"], -1))
    return Encoded(row["key"], _tensor(row["latents"], LATENTS, row["latents_shape"]), text)
