"""Encodes and writes one unit: pictures to latents, captions to text embeddings. Only a few rows are in memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from curation import output, storage
from curation.assess import DECODE, Outcome, first_look
from curation.commit import signals_row
from curation.shards import write
from curation.shards.plan import read_unit
from curation.shards.schema import Row, signals_schema
from curation.shards.unit import Unit, part
from curation.training.encode_settings import Settings
from filters.image import Image
from train.data.embed import Drawn, Embedder
from train.data.encoded import ROW_GROUP, SCHEMA, record
from train.data.picture import decode
from train.data.pictures import captions, row_label, row_weight

STAGE = "encode"
"""Stands in `dropped_by` of a row that could not be encoded."""

COMPRESSION = {name: "NONE" if name == "latents" else "zstd" for name in SCHEMA.names}
"""Latents are noise to a compressor."""


class NoCaption(ValueError):
    """There is nothing to condition on."""


@dataclass
class Coded:
    """A row on its way: what is known of it, what is to be encoded, and the columns that came of it."""

    row: Row
    outcome: Outcome
    drawn: Drawn | None = None
    columns: dict[str, Any] | None = None

    def fail(self, error: Exception) -> None:
        """Neither the row nor any other is lost by it."""
        self.outcome = self.outcome.reject(STAGE, "cannot be encoded", type(error).__name__, str(error))


def build(pipeline: beam.Pipeline, settings: Settings, units: Sequence[Unit], done: set[int], workers: int) -> None:
    """Encode `units` but those whose number is in `done`, on the same portable subset of Beam as `curation run`.

    An element is a lane of units, one for each of the `workers`, so that parts are written about in the order of the
    plan, in which a training reads them; where nobody knows how many workers there are (0), every unit is one.
    """
    todo = [unit for unit in units if unit.number not in done]
    lanes = [todo[lane::workers] for lane in range(workers)] if workers else [[unit] for unit in todo]
    (
        pipeline
        | "Lanes" >> beam.Create(lanes, reshuffle=False)
        | "Spread" >> beam.Reshuffle()
        | "Encode and write" >> beam.Map(write_units, settings)
    )


@lru_cache(maxsize=1)
def ready(settings: Settings) -> Embedder:
    """Codec and encoder of a job: once a process."""
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    return settings.build()[0]


def write_units(units: Iterable[Unit], settings: Settings) -> None:
    """Encode the rows of these units and write them, but for units that are done."""
    for unit in units:
        if not storage.exists(output.marker(settings.output, unit.number)):
            _commit(settings.output, unit, _coded(unit, settings))


def _coded(unit: Unit, settings: Settings) -> Iterator[Coded]:
    """The unit's rows, encoded some at a time."""
    rows = read_unit(unit)
    while some := list(islice(rows, ROW_GROUP)):
        coded = [_drawn(row, settings) for row in some]
        _encode([each for each in coded if each.drawn is not None], ready(settings))
        yield from coded


def _drawn(row: Row, settings: Settings) -> Coded:
    """The row with its picture decoded, or why that cannot be."""
    coded = Coded(row, first_look(row))
    try:
        if row.data is None:
            raise row.error or ValueError("there is no image")
        image = Image(row.data)
        coded.outcome = replace(coded.outcome, width=image.width, height=image.height, format=image.format)
        pixels = decode(row.data, settings.size)
    except Exception as error:  # decoders of hostile bytes raise anything
        coded.outcome = coded.outcome.fail(DECODE, error)
        return coded
    caption = captions(row, [settings.caption]).get(settings.caption)
    if caption is None:
        coded.fail(NoCaption(f"there is no text in the column {settings.caption!r}"))
    else:
        coded.drawn = Drawn(row.key, pixels, caption)
    return coded


def _encode(coded: Sequence[Coded], embedder: Embedder) -> None:
    """Fill the columns of rows that are drawn. Where they cannot be encoded together, each is tried alone."""
    try:
        examples = embedder.examples([each.drawn for each in coded if each.drawn])
        for each, example in zip(coded, examples, strict=True):
            each.columns = record(example.latents, example.text)
    except (torch.OutOfMemoryError, MemoryError):
        raise
    except Exception as error:
        if len(coded) == 1:
            coded[0].fail(error)
        else:
            for each in coded:
                _encode([each], embedder)


def _commit(out: str, unit: Unit, coded: Iterable[Coded]) -> None:
    """Write the unit's rows: shard, rejects, signals, and last the marker that says it is done."""
    name, counts, table = part(unit.number), Counter[str](), list[dict[str, Any]]()
    with (
        storage.create(storage.join(out, "shards", name + ".parquet")) as file,
        pq.ParquetWriter(file, SCHEMA, compression=COMPRESSION, use_dictionary=False) as shard,
        write.Rejects(storage.join(out, "rejects", name + ".parquet")) as rejects,
    ):
        while some := list(islice(coded, ROW_GROUP)):
            for each in some:
                table.append(signals_row(each.outcome, ()))
                counts[each.outcome.dropped_by or "kept"] += 1
                if each.outcome.failed:
                    rejects.add(each.row, each.outcome.failed)
            if kept := [_record(each) for each in some if each.columns]:
                shard.write_table(pa.Table.from_pylist(kept, SCHEMA))
    write.table(storage.join(out, "signals", name + ".parquet"), table, signals_schema([]))
    done = {"rows": len(table), "counts": dict(sorted(counts.items()))}
    storage.write_atomic(output.marker(out, unit.number), json.dumps(done).encode())


def _record(coded: Coded) -> dict[str, Any]:
    """A row of the shard."""
    row = coded.row
    about = {
        "key": row.key,
        "caption": coded.drawn.caption if coded.drawn else None,
        "weight": row_weight(row),
        "source": row.origin or row.source,
    }
    return about | asdict(row_label(row)) | (coded.columns or {})
