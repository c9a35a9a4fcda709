"""A folder of images as input.

The key is the path relative to the folder. Captions and metadata come from `metadata.jsonl` or `metadata.csv`
(Hugging Face imagefolder: `file_name` plus any columns, of which `caption` or `text` is the caption) and from
files beside the image with its name: `photo.txt` holds a caption, `photo.json` metadata.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from typing import Any

from curation import storage
from curation.shards.schema import Row, Unopened, text, to_json
from curation.shards.unit import Unit
from curation.storage import File
from filters.image import MAX_BYTES, TooLarge, Unreadable

IMAGE_ENDINGS = {
    *("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff"),
    *("avif", "jp2", "ppm", "pgm", "pbm", "pnm", "heic", "heif"),
}
TABLES = ("metadata.jsonl", "metadata.csv")
CAPTIONS = ("caption", "text", "TEXT", "txt")
"""Names under which a caption is looked for, in order."""


def cut(root: str, images: list[File], others: list[File], rows: int) -> tuple[list[Unit], int]:
    """Units of about `rows` files each, sorted by key, and how many of `others` hold metadata."""
    tables = [file for file in others if os.path.basename(file.path) in TABLES]
    given = _read_tables(root, tables)
    beside = {file.path for file in others if file.path.endswith((".txt", ".json"))}
    named = sorted((storage.below(file.path, root), file) for file in images)
    units = []
    used = len(tables)
    for start in range(0, len(named), rows):
        part = named[start : start + rows]
        entries = []
        for name, file in part:
            sidecars = [e for e in (".txt", ".json") if os.path.splitext(file.path)[0] + e in beside]
            used += len(sidecars)
            entries.append((name, _entry(given.get(name), sidecars)))
        size, modified = sum(f.size for _, f in part), max(f.modified for _, f in part)
        units.append(Unit("images", root, text(part[0][0]), len(part), size, modified, 0, start, files=tuple(entries)))
    return units, used


def keys(unit: Unit) -> list[str]:
    """The keys of a unit, of which no image is read."""
    return [text(name) for name, _ in unit.files]


def read(unit: Unit) -> Iterator[Row]:
    """The images of a unit, one row a file."""
    for name, entry in unit.files:
        path = storage.join(unit.path, name) if unit.path else name
        key = text(name)
        known: dict[str, Any] = json.loads(entry) if entry else {}
        try:
            carried = _carried(path, known)
            data = _read_image(path)
            yield Row(key, key, data, os.path.basename(key), carried[0], None, to_json(carried[1]))
        except Unreadable as error:
            yield Row(key, key, error=error)
        except OSError as error:
            yield Row(key, key, error=Unopened(error.strerror or str(error)))


def _read_image(path: str) -> bytes:
    data = storage.read_bytes(path, MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLarge(f"the file has more than the {MAX_BYTES} bytes that are read")
    return data


def _entry(given: dict[str, Any] | None, sidecars: list[str]) -> str | None:
    """What the reader has to know of one file besides its name, as JSON."""
    entry: dict[str, Any] = {}
    if given:
        entry["given"] = given
    if sidecars:
        entry["sidecars"] = sidecars
    return json.dumps(entry) if entry else None


def _carried(path: str, known: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """(caption, metadata) of the image at `path`. A sidecar that cannot be parsed is carried as text."""
    metadata = dict(known.get("given", {}))
    caption = take_caption(metadata)
    for ending in known.get("sidecars", ()):
        content = storage.read_bytes(os.path.splitext(path)[0] + ending).decode("utf-8", "replace")
        if ending == ".txt":
            caption = content.strip() or caption
            continue
        try:
            loaded = json.loads(content)
        except ValueError:
            loaded = content
        metadata |= loaded if isinstance(loaded, dict) else {"json": loaded}
        caption = caption or take_caption(metadata)
    return caption, metadata


def take_caption(metadata: dict[str, Any]) -> str | None:
    """Remove the caption from `metadata` and return it; None if there is none."""
    there = [name for name in CAPTIONS if isinstance(metadata.get(name, 0), str | None)]
    best = next((name for name in there if metadata[name] is not None), there[0] if there else None)
    caption = metadata.pop(best) if best else None
    return text(caption) if caption is not None else None


def _read_tables(root: str, tables: list[File]) -> dict[str, dict[str, Any]]:
    """Rows of metadata tables by the image they belong to. Lines that cannot be parsed name no image: left out."""
    found = {}
    for file in tables:
        folder = storage.below(os.path.dirname(file.path), root)
        content = storage.read_bytes(file.path).decode("utf-8-sig", "replace")
        for record in _records(file.path, content):
            name = record.pop("file_name", None)
            if isinstance(name, str):
                found[f"{folder}/{name}" if folder else name] = record
    return found


def _records(path: str, content: str) -> Iterator[dict[str, Any]]:
    if path.endswith(".csv"):
        yield from ({k: v for k, v in row.items() if k is not None} for row in csv.DictReader(io.StringIO(content)))
        return
    for line in content.split("\n"):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record
