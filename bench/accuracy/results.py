"""What was measured of each filter, as plain data: for people (table.py), for the README (readme.py), for a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One kind of image and its grade: `found` of `of` were dropped; the share's 95 % interval (Wilson)."""

    kind: str
    grade: str
    found: int
    of: int
    low: float
    high: float


@dataclass(frozen=True)
class Figure:
    """A named figure with its 95 % interval, and its target in words, if it has one. NaN is never among them."""

    name: str
    value: float
    low: float
    high: float
    target: str | None = None
    met: bool | None = None


@dataclass(frozen=True)
class Peer:
    """Another tool's figures on the same images, at its own defaults."""

    peer: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Result:
    """One filter on the hold-out: `images` cases made of `sources` pictures. Notes are sentences for people."""

    images: int
    sources: int
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...]
    peers: tuple[Peer, ...] = ()
    notes: tuple[str, ...] = ()

    def figure(self, name: str) -> Figure | None:
        return named(self.figures, name)


def named(figures: tuple[Figure, ...], name: str) -> Figure | None:
    """The figure of that name, None where there is none."""
    return next((figure for figure in figures if figure.name == name), None)


def plain(results: Mapping[str, Result]) -> dict[str, Any]:
    """`{"filters": {name: …}}` with the names of the dataclasses' fields, as it stands in the file."""
    return {"filters": {name: asdict(result) for name, result in results.items()}}


def save(results: Mapping[str, Result], file: Path) -> None:
    """Into a JSON file. Filters that stand there and were not measured now stay as they are."""
    kept = {**(read(file) if file.exists() else {}), **results}
    file.write_text(json.dumps(plain(kept), indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read(file: Path) -> dict[str, Result]:
    """What `save` wrote. Raises ValueError for a file that is none of its."""
    try:
        return {name: _result(**fields) for name, fields in json.loads(file.read_text())["filters"].items()}
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file} is no file of python -m bench.accuracy --save: {error}") from error


def _result(rows: list[dict[str, Any]], figures: list[dict[str, Any]], **rest: Any) -> Result:
    peers = tuple(Peer(peer["peer"], _figures(peer["figures"])) for peer in rest.pop("peers"))
    notes = tuple(rest.pop("notes"))
    return Result(rows=tuple(Row(**row) for row in rows), figures=_figures(figures), peers=peers, notes=notes, **rest)


def _figures(figures: list[dict[str, Any]]) -> tuple[Figure, ...]:
    return tuple(Figure(**figure) for figure in figures)
