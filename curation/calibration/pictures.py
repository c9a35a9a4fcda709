"""The pictures to label: from the run's input while it is as it was, else those that the report has."""

from __future__ import annotations

import base64
import io
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import PIL.Image

from curation import storage, thumbnails
from curation.calibration.sample import Item
from curation.mistake import Mistake
from curation.report import read_thumbnails
from curation.shards import tables
from curation.shards.plan import READERS, Plan, make_plan
from curation.shards.schema import Row
from curation.shards.unit import Unit
from filters.image import WORKING_SIDE, Image, Unreadable

AS_THEY_ARE = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif"}
"""Formats that a browser shows from their own bytes; others are shown as PNG at the scale that filters look at."""


@dataclass(frozen=True)
class Picture:
    """What is shown of an image: its picture as a data: URL, and its caption."""

    url: str
    caption: str | None


class Input:
    """Pictures from the input of a run."""

    keys: Collection[str] | None = None

    def __init__(self, plan: Plan):
        self._units = plan.units

    def of(self, item: Item) -> Picture | None:
        """The picture of `item`; None where it cannot be read any more."""
        row = _read(self._units[item.part], item.row)
        if row is None or row.key != item.key or row.data is None:
            return None
        try:
            image = Image(row.data)
            kind = AS_THEY_ARE.get(image.format)
            return Picture(_url(kind, row.data) if kind else _url("image/png", _png(image)), row.caption)
        except Unreadable:
            return None


class Thumbnails:
    """The small pictures of a run's report. `keys` are those of the images that have one."""

    def __init__(self, output: str):
        self._output = output
        path = thumbnails.path(output)
        self.keys: Collection[str] = tables.read(path, ["key"])["key"].to_pylist() if storage.exists(path) else ()

    def of(self, item: Item) -> Picture | None:
        """The picture of `item`; None where it has none."""
        jpeg = read_thumbnails(self._output, {item.key}).get(item.key)
        return Picture(_url("image/jpeg", jpeg), None) if jpeg else None


def pictures(output: str, record: dict[str, Any]) -> Input | Thumbnails:
    """Where the pictures of the run in `output` are found, whose manifest is `record`."""
    try:
        plan = make_plan(record["input"]["path"])
    except (Mistake, OSError):
        return Thumbnails(output)
    return Input(plan) if plan.digest() == record["input"]["hash"] else Thumbnails(output)


def _read(unit: Unit, number: int) -> Row | None:
    if unit.files:  # of a folder only the one file is read
        unit, number = replace(unit, files=(unit.files[number],), rows=1), 0
    return next(islice(READERS[unit.kind](unit), number, None), None)


def _png(image: Image) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(image.rgb(WORKING_SIDE)).save(buffer, "PNG")
    return buffer.getvalue()


def _url(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
