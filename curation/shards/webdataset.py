"""WebDataset tar shards as input: consecutive members `key.ext` make a sample.

The caption is the member `.txt` (or `caption`/`text` in `.json`), the metadata the object in `.json`; every other
member is carried in the metadata. A tar that ends too early gives the samples before the break, and one row for
the break.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

import numpy as np

from curation import storage
from curation.shards.folder import IMAGE_ENDINGS, take_caption
from curation.shards.schema import CURATED, BrokenShard, NoImage, Row, Unopened, curated, text, to_json
from curation.shards.unit import Indexed, Unit, hash_key
from curation.storage import File
from filters.image import MAX_BYTES, TooLarge, Unreadable

BROKEN = "break"
"""The key, below its shard's name, of the row that stands for what follows a break."""

Member = tuple[str, str, tarfile.TarInfo]


def index(file: File, source: str) -> Indexed:
    """Index one tar by its headers: where each sample begins, and its key."""
    starts: list[int] = []
    keys: list[int] = []
    broken = False
    try:
        with storage.open_read(file.path) as handle:
            for key, members in _samples(handle, file.size):
                starts.append(members[0][2].offset)
                keys.append(hash_key(key))
    except (tarfile.TarError, OSError, EOFError, ValueError):
        broken = True
    if broken:
        starts.append(-1)
        keys.append(0)

    def units(rows: int) -> list[tuple[Unit, slice]]:
        end = len(starts) - broken
        cuts = [slice(at, min(at + rows, end)) for at in range(0, end, rows)]
        cuts += [slice(end, end + 1)] if broken else []
        return [(_unit(file, source, starts[part.start], part), part) for part in cuts]

    return Indexed(np.array(keys, np.uint64), units)


def _unit(file: File, source: str, start: int, part: slice) -> Unit:
    rows = part.stop - part.start
    return Unit("webdataset", file.path, source, rows, file.size, file.modified, start, part.start)


def keys(unit: Unit) -> list[str]:
    """The keys of a unit as the headers of its tar have them: those of a tar that we wrote lack their image ending.

    Raises OSError, TarError.
    """
    if unit.start < 0:
        return [unit.key(BROKEN, 0)]
    with storage.open_read(unit.path) as handle:
        handle.seek(unit.start)
        return [unit.key(text(raw), row) for row, (raw, _) in enumerate(islice(_samples(handle, unit.size), unit.rows))]


def read(unit: Unit) -> Iterator[Row]:
    """The samples of a unit, one row each."""
    if unit.start < 0:
        yield Row(unit.key(BROKEN, 0), unit.source, error=_why_broken(unit))
        return
    try:
        handle = storage.open_read(unit.path)
    except OSError as error:
        for row in range(unit.rows):
            yield Row(unit.key(None, row), unit.source, error=Unopened(error.strerror or str(error)))
        return
    with handle:
        handle.seek(unit.start)
        for row, (key, members) in enumerate(islice(_samples(handle, unit.size), unit.rows)):
            yield _row(unit, row, text(key), handle, members)


def _why_broken(unit: Unit) -> Unreadable:
    try:
        with storage.open_read(unit.path) as handle:
            count = sum(1 for _ in _samples(handle, unit.size))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        return BrokenShard(f"the tar cannot be read beyond its first {unit.first} samples: {error}")
    return BrokenShard(f"the tar broke off while it was indexed, yet now holds {count} samples")


def _samples(handle: IO[bytes], size: int) -> Iterator[tuple[str, list[Member]]]:
    """(key, members) of each sample from the handle's position on; raises TarError where the archive breaks off."""
    members: list[Member] = []
    broken: Exception | None = None
    try:
        for member in _members(handle, size):
            key, ending, _ = member
            if members and (key != members[0][0] or any(ending == known for _, known, _ in members)):
                yield members[0][0], members
                members = []
            members.append(member)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        broken = error
    if members:
        yield members[0][0], members
    if broken:
        raise broken


def _members(handle: IO[bytes], size: int) -> Iterator[Member]:
    with tarfile.open(fileobj=handle, mode="r:", errors="surrogateescape") as tar:
        while (info := tar.next()) is not None:
            tar.members = []  # type: ignore[attr-defined]  # else the whole index stays in memory
            if info.offset_data + info.size > size:
                raise tarfile.ReadError(f"it ends within the member {info.name!r}")
            named = re.fullmatch(r"((?:.*/)?[^.]+)\.([^/]*)", info.name, re.DOTALL)  # as webdataset splits names
            if info.isfile() and named and not named[1].startswith("__"):
                yield named[1], named[2].lower(), info
        if tar.offset < size and not _only_zeros(handle, tar.offset):
            raise tarfile.ReadError(f"what follows byte {tar.offset} is no tar member")


def _only_zeros(handle: IO[bytes], offset: int) -> bool:
    handle.seek(offset)
    return not handle.read(1024).strip(b"\0")


def _row(unit: Unit, number: int, raw: str, handle: IO[bytes], members: list[Member]) -> Row:
    key, source = unit.key(raw, number), unit.source
    contents: dict[str, bytes] = {}
    for _, ending, info in members:
        if info.size > MAX_BYTES:
            return Row(key, source, error=TooLarge(f"member {text(info.name)} has {info.size} bytes"))
        handle.seek(info.offset_data)
        contents[ending] = handle.read(info.size)
    found = [ending for ending in contents if ending.rpartition(".")[2] in IMAGE_ENDINGS]
    if not found:
        return Row(key, source, error=NoImage(f"no image in the sample; its members are {', '.join(contents)}"))
    data = contents.pop(found[0])
    name = text(next(info.name for _, ending, info in members if ending == found[0]))
    caption = contents.pop("txt").decode("utf-8", "replace") if "txt" in contents else None
    metadata = _json(contents.pop("json", None))
    if metadata.keys() >= set(CURATED.names) - {"image"}:  # a shard we wrote, or one widened since
        key = metadata["key"] if key == raw else key
        return curated(key, source, data, name, metadata | {"caption": caption})
    caption = caption if caption is not None else take_caption(metadata)
    metadata |= {ending: _extra(content) for ending, content in contents.items()}
    return Row(key, source, data, name, caption, None, to_json(metadata))


def _json(content: bytes | None) -> dict[str, Any]:
    if content is None:
        return {}
    try:
        value = json.loads(content)
    except ValueError:
        value = content.decode("utf-8", "replace")
    return value if isinstance(value, dict) else {"json": value}


def _extra(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content
