"""The row that travels from input to output, and the columns of every file a run writes."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from filters.image import Unreadable

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])

CURATED = pa.schema(
    [
        ("key", pa.string()),
        ("image", IMAGE),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("format", pa.string()),
        ("caption", pa.string()),
        ("annotation", pa.string()),
        ("metadata", pa.string()),
        ("source", pa.string()),
    ]
)
"""A curated shard. `image` is Hugging Face's image struct with the ORIGINAL encoded bytes."""

SPLITS = ("caption_raw", "caption_recaption", "caption_fused")
"""Columns an annotated shard has besides: the caption that came with the image, the model's, and the two as one."""


def _noted(schema: pa.Schema) -> pa.Schema:
    """The same, with the note by which Hugging Face `datasets` takes the struct for an image."""
    features = {f.name: {"dtype": str(f.type), "_type": "Value"} for f in schema} | {"image": {"_type": "Image"}}
    return schema.with_metadata({"huggingface": json.dumps({"info": {"features": features}})})


ANNOTATED = _noted(pa.schema([*CURATED, *((name, pa.string()) for name in SPLITS)]))
SYNTHESISED = _noted(pa.schema([*CURATED, ("grade", pa.string()), ("tier", pa.string())]))
"""A shard of `curation synth`: the columns by which a trainer chooses stand beside the others."""

BALANCED = _noted(pa.schema([*CURATED, ("node", pa.string()), ("weight", pa.float64())]))
"""A shard of `curation balance`: where an image stands in the taxonomy, and how often it is drawn, 1 on average."""

CURATED = _noted(CURATED)


def widened(names: Iterable[str]) -> pa.Schema:
    """The columns of a curated shard and these, of text: what the stages of a run sort images into."""
    return _noted(pa.schema([*CURATED, *((name, pa.string()) for name in names)]))


REJECTS = pa.schema(
    [
        ("key", pa.string()),
        ("source", pa.string()),
        ("stage", pa.string()),
        ("error", pa.string()),
        ("message", pa.string()),
        ("size", pa.int64()),
        ("bytes", pa.binary()),
    ]
)
"""What could not be read or measured: error class, message and the original bytes, for repair."""

REJECTED_REPLIES = REJECTS.append(pa.field("reply", pa.string()))
"""The same of a job that asks a model: with what it answered."""

REJECT_BYTES = 2**24
"""Rejected bytes are kept up to 16 MiB an image."""

FACTS = [
    ("key", pa.string()),
    ("source", pa.string()),
    ("bytes", pa.int64()),
    ("width", pa.int32()),
    ("height", pa.int32()),
    ("format", pa.string()),
    ("sha256", pa.string()),
]
VERDICT = [("dropped_by", pa.string()), ("reason", pa.string()), ("duplicate_of", pa.string())]


def signals_schema(columns: list[str]) -> pa.Schema:
    """One row for every input image; `columns` are the signals, named `stage.signal`."""
    return pa.schema([*FACTS, *((column, pa.float64()) for column in columns), *VERDICT])


class NoImage(Unreadable):
    """The row or sample carries no image bytes."""


class BrokenShard(Unreadable):
    """A shard, or its tail, cannot be read."""


class Unopened(Unreadable):
    """A file that was listed cannot be opened."""


@dataclass(frozen=True)
class Row:
    """One input row. `data` are the encoded bytes as they came; `error` says why there are none, or no image.

    `metadata` and `annotation` are JSON text or None, `extra` the columns of a shard besides those of
    `CURATED`, by name.
    `source` is where the row was read, relative to the input; `origin` the source that an earlier run wrote, if the
    input is the output of one.
    """

    key: str
    source: str
    data: bytes | None = None
    path: str | None = None
    caption: str | None = None
    annotation: str | None = None
    metadata: str | None = None
    origin: str | None = None
    error: Unreadable | None = None
    extra: Mapping[str, str | None] = field(default_factory=dict)


def curated(key: str, source: str, data: bytes, path: str | None, record: Mapping[str, Any]) -> Row:
    """A row of a shard that we wrote, as it was. What else `record` holds is carried in the metadata."""
    extra = {name: value for name, value in record.items() if name not in CURATED.names}
    metadata = record["metadata"] if not extra else to_json({"metadata": record["metadata"], **extra})
    return Row(key, source, data, path, record["caption"], record["annotation"], metadata, record["source"])


def to_json(value: Mapping[str, Any]) -> str | None:
    """What an input row carried, as JSON text; None if it carried nothing. Bytes become {"base64": …}."""
    if not value:
        return None
    text = json.dumps(plain(value), ensure_ascii=False)
    return text if is_text(text) else json.dumps(plain(value))


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: dates and decimals as text, NaN as null, bytes as {"base64": …}."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return {"base64": b64encode(value).decode()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def is_text(value: str) -> bool:
    """Whether `value` can be written as UTF-8: file names and JSON escapes may hold lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def text(value: str) -> str:
    """`value` with what UTF-8 cannot write (bytes of a strange file name) as escapes, so that keys stay distinct."""
    if is_text(value):
        return value
    return value.encode("utf-8", "surrogateescape" if _escaped(value) else "surrogatepass").decode(
        "utf-8", "backslashreplace"
    )


def _escaped(value: str) -> bool:
    return all(not 0xD800 <= ord(c) <= 0xDFFF or 0xDC80 <= ord(c) <= 0xDCFF for c in value)
