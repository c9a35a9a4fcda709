"""Parquet shards as input: Hugging Face's image struct, or a column of bytes beside columns of text.

The key is the column `key`, `id` or `uid`, the caption `caption`, `text`, `TEXT` or `txt`; all other columns are
carried in the metadata. A curated shard is read back as it was written. A unit is a row group, read in small
batches: a file written as one huge row group costs no more memory than another.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from curation.shards import tables
from curation.shards.folder import take_caption
from curation.shards.schema import CURATED, BrokenShard, NoImage, Row, curated, text, to_json
from curation.shards.unit import Indexed, Unit, hash_key
from curation.storage import File
from filters.image import MAX_BYTES, TooLarge

KEYS = ("key", "id", "uid")
IMAGES = ("image", "images", "img", "jpg", "jpeg", "png", "webp", "bytes", "image_bytes", "content", "data")
BATCH = 32
"""Rows decoded from a row group at a time."""


def index(file: File, source: str) -> Indexed:
    """Index one file by its footer and its key column. A file that cannot be read gives one row, for the reason."""
    try:
        with tables.opened(file.path) as parquet:
            if image_column(parquet.schema_arrow) is None:
                why = f"{file.path} has no image column (a struct of bytes and path, or binary); its columns are "
                return _broken(file, source, why + ", ".join(parquet.schema_arrow.names))
            counts = [parquet.metadata.row_group(n).num_rows for n in range(parquet.num_row_groups)]
            hashes = _hash_keys(parquet)
    except (pa.ArrowException, OSError) as error:
        return _broken(file, source, f"{file.path} is no readable Parquet file: {_first_line(error)}")
    firsts = np.cumsum([0, *counts]).tolist()

    def units(_: int) -> list[tuple[Unit, slice]]:
        return [
            (_unit(file, source, count, group, first), slice(first, first + count))
            for group, (count, first) in enumerate(zip(counts, firsts, strict=False))
            if count
        ]

    return Indexed(hashes, units)


def _unit(file: File, source: str, rows: int, group: int, first: int) -> Unit:
    return Unit("parquet", file.path, source, rows, file.size, file.modified, group, first)


def _broken(file: File, source: str, why: str) -> Indexed:
    unit = _unit(file, source, 1, -1, 0)
    return Indexed(np.zeros(1, np.uint64), lambda _: [(unit, slice(0, 1))], unusable=why)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def image_column(schema: pa.Schema) -> str | None:
    """The column of images: a struct with `bytes`, else binary under a usual name, else the only binary."""
    structs = [f.name for f in schema if pa.types.is_struct(f.type) and f.type.get_field_index("bytes") >= 0]
    binary = [f.name for f in schema if pa.types.is_binary(f.type) or pa.types.is_large_binary(f.type)]
    usual = [name for name in IMAGES if name in structs] + structs + [name for name in IMAGES if name in binary]
    return usual[0] if usual else binary[0] if len(binary) == 1 else None


def _key_column(schema: pa.Schema) -> str | None:
    return next((name for name in KEYS if name in schema.names), None)


def _hash_keys(parquet: pq.ParquetFile) -> np.ndarray:
    column = _key_column(parquet.schema_arrow)
    if column is None:
        return np.zeros(parquet.metadata.num_rows, np.uint64)
    batches = parquet.iter_batches(columns=[column], use_threads=False)
    return np.array([hash_key(_text(key)) for batch in batches for key in batch[column].to_pylist()], np.uint64)


def _text(key: Any) -> str | None:
    return None if key is None else text(str(key))


def keys(unit: Unit) -> list[str]:
    """The keys of a unit, of which no image is read. Raises OSError, ArrowException."""
    raw: list[Any] = [None] * unit.rows
    if unit.start >= 0:
        with tables.opened(unit.path) as parquet:
            if column := _key_column(parquet.schema_arrow):
                raw = parquet.read_row_group(unit.start, columns=[column], use_threads=False)[column].to_pylist()
    return [unit.key(_text(key), row) for row, key in enumerate(raw)]


def read(unit: Unit) -> Iterator[Row]:
    """The rows of a unit. Where the row group cannot be read, each of its rows says why."""
    if unit.start < 0:
        why = index(File(unit.path, unit.size, unit.modified), unit.source).unusable or "the file changed"
        yield Row(unit.key(None, 0), unit.source, error=BrokenShard(why))
        return
    done = 0
    try:
        with tables.opened(unit.path) as parquet:
            column = image_column(parquet.schema_arrow)
            for batch in parquet.iter_batches(BATCH, row_groups=[unit.start], use_threads=False):
                for record in batch.to_pylist():
                    yield _row(unit, done, record, str(column))
                    done += 1
    except (pa.ArrowException, OSError) as error:
        broken = BrokenShard(f"row group {unit.start} cannot be read: {_first_line(error)}")
        for row in range(done, unit.rows):
            yield Row(unit.key(None, row), unit.source, error=broken)


def _row(unit: Unit, number: int, record: dict[str, Any], column: str) -> Row:
    key_column = next((name for name in KEYS if name in record), None)
    key = unit.key(_text(record.pop(key_column)) if key_column else None, number)
    value = record.pop(column)
    data, path = (value.get("bytes"), value.get("path")) if isinstance(value, dict) else (value, None)
    if data is None:
        where = f", only the path {path!r}" if path else ""
        return Row(key, unit.source, error=NoImage(f"the row has no image bytes{where}"))
    if len(data) > MAX_BYTES:
        return Row(key, unit.source, error=TooLarge(f"{len(data)} bytes are more than the {MAX_BYTES} that are read"))
    path = os.path.basename(path) if path else None
    if record.keys() | {"key", "image"} >= set(CURATED.names):  # a shard we wrote, or one widened since
        return curated(key, unit.source, data, path, record)
    return Row(key, unit.source, data, path, take_caption(record), None, to_json(record))
