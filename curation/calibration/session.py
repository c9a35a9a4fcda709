"""One calibration at work: its sample, its labels, what they say of each threshold, and where one is written."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any

from curation import manifest, storage
from curation.calibration.choice import Choice
from curation.calibration.intervals import Interval
from curation.calibration.labels import DROP, KEEP, LABELS, Labels
from curation.calibration.pictures import Input, Picture, Thumbnails
from curation.calibration.sample import Sample
from curation.calibration.thresholds import Threshold, propose, takes, thresholds
from curation.calibration.writing import new_recipe, with_threshold
from curation.mistake import SettingsError
from curation.recipe import read_recipe
from filters.base import AtLeast, figure


@dataclass(frozen=True)
class Session:
    """What the page asks of. `recipe` is the file that the threshold is written to, `target` the precision wished
    for, None where F1 decides."""

    choice: Choice
    sample: Sample
    labels: Labels
    pictures: Input | Thumbnails
    seed: int
    target: float | None
    recipe: str
    lock: threading.Lock

    def about(self) -> dict[str, Any]:
        """What does not change while labels are given."""
        stage, limit = self.choice.stage, self.choice.limit
        signal = next(signal for signal in stage.signals if signal.name == limit.signal)
        return {
            "output": self.choice.output,
            "name": self.choice.name,
            "signal": f"{stage.name}.{limit.signal}",
            "about": signal.about,
            "why": limit.why,
            "words": limit.words,
            "low": isinstance(limit, AtLeast),
            "bound": self.choice.bound,
            "population": self.sample.population,
            "bands": [len(band) for band in self.sample.bands if len(band)],
            "thumbnails": isinstance(self.pictures, Thumbnails),
            "target": self.target,
            "recipe": self.recipe,
            "labels": self.labels.path,
        }

    def state(self) -> dict[str, Any]:
        """The label of each image in the order of the sample, and what they say of each threshold."""
        given = self.labels.of(self.sample.items)
        known = thresholds(self.choice, self.sample, given)
        proposed = propose(self.choice, known, self.target)
        seen = {item.band for item, label in zip(self.sample.items, given, strict=True) if label in (DROP, KEEP)}
        return {
            "given": given,
            "thresholds": [asdict(one) | {"f1": one.f1, "text": figure(one.at)} for one in known],
            "proposed": known.index(proposed) if proposed else None,
            "unseen": sum(len(band) for number, band in enumerate(self.sample.bands) if number not in seen),
        }

    def picture(self, number: int) -> Picture | None:
        """The picture of an image by its number in the sample; None where it cannot be read. Raises IndexError."""
        return self.pictures.of(self.sample.items[number])

    def label(self, number: int, label: str | None) -> dict[str, Any]:
        """Label an image by its number, or take its label back; the state after. Raises IndexError, SettingsError."""
        if label is not None and label not in LABELS:
            raise SettingsError(f"unknown label {label!r}")
        with self.lock:
            self.labels.put(self.sample.items[number], label)
            return self.state()

    def write(self, at: float) -> list[str]:
        """Write the threshold `at` with its evidence into the recipe; the evidence. Raises Mistake, OSError."""
        choice = self.choice
        with self.lock:
            given = self.labels.of(self.sample.items)
            chosen = next((one for one in thresholds(choice, self.sample, given) if one.at == at), None)
            if chosen is None or not takes(choice, at):
                raise SettingsError(f"{figure(at)} is no threshold that the labels tell of")
            evidence = self._evidence(chosen, given)
            text = recipe_text(self.recipe)
            text = new_recipe(choice.record) if text is None else text
            field = choice.limit.field
            value = int(at) if isinstance(getattr(choice.stage, field), int) else at
            changed = with_threshold(text, choice.stage.name, field, value, evidence)
            storage.write_atomic(self.recipe, changed.encode())
        return evidence

    def _evidence(self, chosen: Threshold, given: list[str | None]) -> list[str]:
        counts = {label: given.count(label) for label in (*LABELS, None)}
        labels = f"{counts[DROP] + counts[KEEP]} labels ({counts[DROP]} drop, {counts[KEEP]} keep)"
        rule = "by hand"
        if chosen == propose(self.choice, thresholds(self.choice, self.sample, given), self.target):
            rule = "by the greatest F1"
            if self.target is not None:
                rule = f"by the greatest recall at a precision of {self.target:g} or more"
        of = "images near it that the report shows" if isinstance(self.pictures, Thumbnails) else "images"
        return [
            f"{manifest.now()[:10]}: {figure(chosen.at)} instead of {figure(self.choice.bound)}, chosen {rule};",
            f"precision {_spoken(chosen.precision)}, recall {_spoken(chosen.recall)} (95 % intervals),",
            f"{labels}, weighted to {self.sample.population:,} {of},",
            f"seed {self.seed}, run {self.choice.record['recipe_hash'][:12]}",
        ]


def recipe_text(path: str) -> str | None:
    """The text of a recipe; None if there is no file. Raises RecipeError."""
    return read_recipe(path) if storage.exists(path) else None


def _spoken(interval: Interval | None) -> str:
    return f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})" if interval else "unknown"
