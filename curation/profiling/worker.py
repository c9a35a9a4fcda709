"""The work on one piece of the sample, as plain functions: it is measured, and once copies are known, written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from curation import fingerprints as saved
from curation import storage
from curation.assess import Candidate, Outcome, assess, columns
from curation.commit import signals_row
from curation.duplicates import Seen
from curation.fingerprints import Fingerprints
from curation.judge import Drops, noted, split
from curation.output import marker, work_folder
from curation.pipeline import in_groups, parted
from curation.profiling.sample import Piece, read
from curation.recipe import Recipe
from curation.shards import write as files
from curation.shards.schema import Row, signals_schema
from curation.shards.unit import part
from filters.image import tune_process


def fingerprints(piece: Piece, recipe: Recipe) -> Iterator[tuple[bytes, Seen]]:
    """The group and the views of every image of the piece that was measured."""
    yield from in_groups(piece, recipe, fingerprint(piece, recipe))


def write(grouped: tuple[int, Iterable[Any]], recipe: Recipe) -> Iterator[int]:
    """Write the piece in the group with its copies; nothing if only copies are there: it was done before."""
    pieces, copies = parted(grouped[1])
    for piece in pieces:
        conclude(piece, recipe, copies)
        yield piece.number


def fingerprint(piece: Piece, recipe: Recipe) -> Fingerprints:
    """All that can be known of a piece alone; read from its file if that is there."""
    work = work_folder(recipe.output)
    if not storage.exists(saved.path(work, piece.number)):
        saved.save(work, piece.number, list(map(noted, _measured(piece, recipe))))
    return Fingerprints.load(work, piece.number)


def conclude(piece: Piece, recipe: Recipe, copies: Drops) -> None:
    """Write the signals of a piece, `copies` among them: of each its kept image."""
    if split(recipe.stages)[1] is None:
        outcomes = [candidate.outcome for candidate in _measured(piece, recipe)]
    else:
        outcomes = list(_with_copies(fingerprint(piece, recipe).outcomes(), copies))
    names = columns(recipe.stages)
    table = [signals_row(outcome, names) for outcome in outcomes]
    path = storage.join(recipe.output, "signals", part(piece.number) + ".parquet")
    files.table(path, table, signals_schema(names))
    counts = Counter(outcome.dropped_by or "kept" for outcome in outcomes)
    done = {"rows": len(table), "counts": dict(sorted(counts.items()))}
    storage.write_atomic(marker(recipe.output, piece.number), json.dumps(done).encode())


def _measured(piece: Piece, recipe: Recipe) -> Iterator[Candidate]:
    """Every image of the piece through every stage, without its bytes; what fails is written to the rejects."""
    tune_process()
    before, dedup, after = split(recipe.stages)
    path = storage.join(recipe.output, "rejects", part(piece.number) + ".parquet")
    rows = ((row, None) for row in read(piece))
    with files.Rejects(path) as rejects:
        for candidate in assess(rows, [*before, *after], dedup.fingerprint if dedup else None, decide=False):
            if candidate.outcome.failed:
                rejects.add(candidate.row, candidate.outcome.failed)
            yield replace(candidate, row=Row(candidate.row.key, candidate.row.source))


def _with_copies(outcomes: Iterable[Outcome], copies: Drops) -> Iterator[Outcome]:
    for row, outcome in enumerate(outcomes):
        if row in copies:
            kept, distance, _ = copies[row]
            outcome = replace(outcome, signals=outcome.signals | {"dedup.distance": float(distance)}, duplicate_of=kept)
        yield outcome
