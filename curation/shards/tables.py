"""Opens Parquet files, and reads whole tables of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage


@contextmanager
def opened(path: str) -> Iterator[pq.ParquetFile]:
    """The Parquet file at `path`. Raises OSError, or pyarrow's ArrowException where it is no Parquet.

    Local files are opened by pyarrow itself: of a Python file its threads may hold on to, and then abort the
    interpreter at its end now and then (pyarrow 25, most of all by `pq.read_table`).
    """
    if storage.is_remote(path):
        with storage.open_read(path) as file, pq.ParquetFile(file) as parquet:
            yield parquet
    else:
        with pq.ParquetFile(path) as parquet:
            yield parquet


def read(path: str, columns: Collection[str] | None = None) -> pa.Table:
    """The table at `path`; with `columns`, those of them that it has. Raises OSError."""
    with opened(path) as parquet:
        names = parquet.schema_arrow.names
        chosen = None if columns is None else [name for name in names if name in columns]
        return parquet.read(columns=chosen, use_threads=False)
