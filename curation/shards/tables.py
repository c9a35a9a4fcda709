"""Reads whole Parquet tables, those a run writes about its images."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage


def read(path: str, columns: Collection[str] | None = None) -> pa.Table:
    """The table at `path`; with `columns`, those of them that it has. Raises OSError.

    Not by `pq.read_table`: of a Python file it leaves a thread behind that now and then aborts the interpreter at
    its end (pyarrow 25).
    """
    with storage.open_read(path) as file, pq.ParquetFile(file) as parquet:
        names = parquet.schema_arrow.names
        return parquet.read(columns=None if columns is None else [name for name in names if name in columns])
