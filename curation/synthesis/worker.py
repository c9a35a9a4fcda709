"""Makes and writes one unit of samples. What a unit holds depends on the settings and its number alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from curation import output, storage
from curation.assess import Outcome
from curation.commit import commit
from curation.mistake import one_line
from curation.shards.plan import make_plan
from curation.shards.schema import SYNTHESISED, Row, to_json
from curation.shards.unit import Unit
from curation.synthesis.annotation import annotation
from curation.synthesis.photos import ShardPhotos
from curation.synthesis.plan import key
from curation.synthesis.prompt import prompt
from curation.synthesis.settings import Settings
from curation.synthesis.signals import STAGE, columns, of_discards
from filters.image import EXTENSIONS, tune_process
from synth import maker
from synth.encode import encode
from synth.maker import Failed, Made, Maker
from synth.sample import Sample

_WORDING = 0x776F7264
"""Sets the choice of a caption's words apart from every other use of the seed."""


@dataclass(frozen=True)
class Described:
    """A sample's caption and annotation."""

    caption: str
    annotation: dict[str, Any]


@lru_cache(maxsize=1)
def ready(settings: Settings) -> Maker:
    """The maker of a job: one a process. Raises ValueError with one line for what is wrong with its materials."""
    tune_process()
    return maker.build(
        settings.tier,
        settings.mix,
        settings.corpus_files(),
        settings.fonts,
        Path(settings.templates) if settings.templates else None,
        ShardPhotos(make_plan(settings.backgrounds)) if settings.backgrounds else (),
        all_targets=settings.min_exposures > 0,
        engines=settings.engines,
    )


def write_unit(unit: Unit, settings: Settings) -> int:
    """Make the unit's samples and write them, unless that is done. Returns its number."""
    if not storage.exists(output.marker(settings.output, unit.number)):
        rows = (make(index, settings) for index in range(unit.first, unit.first + unit.rows))
        commit(settings.output, settings.format, unit, columns(), rows, SYNTHESISED)
    return unit.number


def make(index: int, settings: Settings) -> tuple[Row, Outcome]:
    """Sample `index` as a row, and its row of the signals. One that cannot be made is a row without an image."""
    name = key(settings.tier, index)
    row, outcome = Row(name, settings.tier), Outcome(name, settings.tier)
    try:
        made = ready(settings).make(index, _describer(index, settings))
        _keep_files(name, made.sample.files, settings)
        return _finished(row, outcome, made, settings)
    except Failed as failed:
        discards = Counter(failed.discards)
        return row, _failed(replace(outcome, signals=_signals(discards.total(), discards)), failed)
    except OSError:
        raise
    except Exception as error:  # one sample must not end the run, whatever a font or a template brings about
        return row, _failed(outcome, error)


def _describer(index: int, settings: Settings) -> Callable[[Sample], Described]:
    wish = ready(settings).mix.wish(index)
    digest = settings.digest()

    def describe(sample: Sample) -> Described:
        caption = prompt(sample, np.random.default_rng([_WORDING, settings.seed, index]))
        return Described(caption, annotation(sample, wish, settings.tier, caption, digest))

    return describe


def _finished(row: Row, outcome: Outcome, made: Made[Described], settings: Settings) -> tuple[Row, Outcome]:
    sample, told = made.sample, made.result
    data, kind = encode(sample.pixels)
    height, width = sample.pixels.shape[:2]
    extra = {"grade": told.annotation["synthesis"]["grade"], "tier": settings.tier}
    text = json.dumps(told.annotation, ensure_ascii=False)
    path = f"{row.key}.{EXTENSIONS[kind.upper()]}"
    metadata = to_json({"attempts": made.attempts, "notes": sample.notes})
    signals = _signals(made.attempts, made.discards) | {
        f"{STAGE}.lines": len(sample.lines),
        f"{STAGE}.characters": sum(len(line.text) for line in sample.lines),
        f"{STAGE}.least_size": min((line.size for line in sample.lines), default=None),
    }
    return (
        replace(row, data=data, path=path, caption=told.caption, annotation=text, metadata=metadata, extra=extra),
        replace(
            outcome,
            size=len(data),
            width=width,
            height=height,
            format=kind.upper(),
            sha256=hashlib.sha256(data).hexdigest(),
            signals={name: float(value) for name, value in signals.items() if value is not None},
        ),
    )


def _signals(attempts: int, discards: Mapping[str, int]) -> dict[str, float]:
    counted = {"attempts": float(attempts), **of_discards(discards)}
    return {f"{STAGE}.{name}": value for name, value in counted.items()}


def _failed(outcome: Outcome, error: Exception) -> Outcome:
    return outcome.reject(STAGE, "cannot be made", type(error).__name__, one_line(error))


def _keep_files(name: str, files: Mapping[str, bytes], settings: Settings) -> None:
    """What a tier hands over beside the picture, such as the edited slide, if it is wanted."""
    for ending, data in _wanted(files, settings):
        storage.write_atomic(storage.join(settings.output, "files", name + ending), data)


def _wanted(files: Mapping[str, bytes], settings: Settings) -> Iterator[tuple[str, bytes]]:
    if settings.keep_pptx:
        yield from ((ending if ending.startswith(".") else f".{ending}", data) for ending, data in files.items())
