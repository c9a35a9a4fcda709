"""Writes the files of one unit: curated shard, signals, rejects. Streams: a batch of rows is in memory, not a unit."""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.shards.schema import CURATED, REJECT_BYTES, REJECTS, Row
from filters.image import EXTENSIONS

ROW_GROUP = 64
"""Rows a row group of a curated Parquet shard: some 15 MB, what a reader holds at a time."""


class ParquetShard:
    """Curated rows as Parquet. Image bytes are not compressed a second time."""

    def __init__(self, file: IO[bytes], schema: pa.Schema):
        codecs = {name: "zstd" for name in schema.names if name != "image"}
        codecs |= {"image.bytes": "NONE", "image.path": "zstd"}
        self._schema = schema
        self._writer = pq.ParquetWriter(file, schema, compression=codecs, use_dictionary=False)
        self._pending: list[dict[str, Any]] = []

    def add(self, row: Row, width: int, height: int, format: str) -> None:
        self._pending.append(curated(row, width, height, format))
        if len(self._pending) == ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            self._writer.write_table(pa.Table.from_pylist(self._pending, self._schema))
            self._pending = []

    def close(self) -> None:
        self._flush()
        self._writer.close()


class TarShard:
    """Curated rows as a WebDataset tar: `{key}.{ext}`, `{key}.json` (every other column), `{key}.txt` (caption).

    WebDataset splits a member's name at the first dot of its last part, so the key's image ending is left out and
    other dots are written as `%2E`; so is whatever could lead outside a folder. The exact key stands in the JSON.
    """

    def __init__(self, file: IO[bytes], schema: pa.Schema):
        self._tar = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self._names: set[str] = set()

    def add(self, row: Row, width: int, height: int, format: str) -> None:
        record = curated(row, width, height, format)
        image = record.pop("image")
        name = member_name(row.key)
        if name in self._names:  # photo.jpg beside photo.png
            name = member_name(row.key, whole=True)
        self._names.add(name)
        self._member(f"{name}.{EXTENSIONS[format]}", image["bytes"])
        self._member(f"{name}.json", json.dumps(record, ensure_ascii=False).encode())
        if row.caption is not None:
            self._member(f"{name}.txt", row.caption.encode())

    def _member(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)  # time, user and mode stay at their fixed defaults: same rows, same bytes
        info.size = len(data)
        self._tar.addfile(info, io.BytesIO(data))

    def close(self) -> None:
        self._tar.close()


def member_name(key: str, whole: bool = False) -> str:
    """The name a key has in a tar: relative, below the folder it is unpacked in, without dots in its last part."""
    folder, _, last = key.rpartition("/")
    if not whole:
        last = re.sub(r"\.(jpe?g|jpe|jfif|png|webp|gif|bmp|tiff?|avif|jp2|p[pgbn]m)$", "", last, flags=re.IGNORECASE)
    last = _escape(last).replace(".", "%2E") or "%2E"
    parts = [_escape(part).replace("..", "%2E%2E") for part in folder.split("/") if part not in ("", ".")]
    return "/".join([*parts, last])


def _escape(part: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\\:]|^__", lambda m: "".join(f"%{ord(c):02X}" for c in m[0]), part)


def curated(row: Row, width: int, height: int, format: str) -> dict[str, Any]:
    """A row of a curated shard."""
    return {
        "key": row.key,
        "image": {"bytes": row.data, "path": row.path or row.key.rpartition("/")[2]},
        "width": width,
        "height": height,
        "format": format,
        "caption": row.caption,
        "annotation": row.annotation,
        "metadata": row.metadata,
        "source": row.origin or row.source,
        **row.extra,
    }


SHARDS: dict[str, tuple[type[ParquetShard] | type[TarShard], str]] = {
    "parquet": (ParquetShard, ".parquet"),
    "webdataset": (TarShard, ".tar"),
}


@contextmanager
def shard(folder: str, name: str, format: str, schema: pa.Schema = CURATED) -> Iterator[ParquetShard | TarShard]:
    """A shard to add rows to; it appears under its name when the block ends."""
    kind, ending = SHARDS[format]
    with storage.create(storage.join(folder, name + ending)) as file:
        writer = kind(file, schema)
        try:
            yield writer
        finally:
            writer.close()


def table(path: str, rows: Iterable[dict[str, Any]], schema: pa.Schema) -> None:
    """Write rows as one Parquet file."""
    with storage.create(path) as file:
        pq.write_table(pa.Table.from_pylist(list(rows), schema), file, compression="zstd")


class Rejects:
    """The rejects of one unit; the file is made when the first one comes."""

    def __init__(self, path: str, schema: pa.Schema = REJECTS):
        self._path, self._schema, self._stack = path, schema, ExitStack()
        self._writer: pq.ParquetWriter | None = None

    def add(self, row: Row, failed: tuple[str, str, str], reply: str | None = None) -> None:
        if self._writer is None:
            file = self._stack.enter_context(storage.create(self._path))
            self._writer = self._stack.enter_context(pq.ParquetWriter(file, self._schema, compression="zstd"))
        stage, error, message = failed
        data = row.data[:REJECT_BYTES] if row.data is not None else None
        size = len(row.data) if row.data is not None else None
        record = dict(zip(REJECTS.names, (row.key, row.source, stage, error, message, size, data), strict=True))
        self._writer.write_table(pa.Table.from_pylist([record | {"reply": reply}], self._schema))

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)
