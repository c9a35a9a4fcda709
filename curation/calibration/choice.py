"""Which threshold is calibrated: a stage of a complete run, and one of its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curation import manifest, recipe
from curation.mistake import SettingsError, hint
from filters.base import Filter, Limit


@dataclass(frozen=True)
class Choice:
    """One limit of one stage of the run in `output`, whose manifest is `record`. `before` names what runs earlier."""

    output: str
    record: dict[str, Any]
    stage: Filter
    limit: Limit
    before: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.stage.name}.{self.limit.field}"

    @property
    def bound(self) -> float:
        """The threshold as it is."""
        return float(getattr(self.stage, self.limit.field))


def choose(output: str, asked: str) -> Choice:
    """The limit that `asked` names, STAGE or STAGE.LIMIT. Raises a subclass of Mistake."""
    record = manifest.load(output)
    if record is None:
        raise SettingsError(f"{output} holds no run: there is no run.json")
    if record.get("command") != "run":
        raise SettingsError(f"{output} holds the output of `curation {record.get('command')}`, not of `curation run`")
    if "runs" in record:
        raise SettingsError(f"{output} holds a chain: name one of its runs, such as {output}/{record['runs'][0]}")
    if record["status"] != "complete":
        raise SettingsError(f"the run in {output} is not complete: the same `curation run` finishes it")
    stages = {stage.name: stage for stage in recipe.from_dict(record["recipe"]).stages}
    name, _, field = asked.partition(".")
    if name not in stages:
        raise SettingsError(f"the run in {output} has no stage {name!r}; {hint(name, stages)}")
    before = tuple(stages)[: list(stages).index(name)]
    return Choice(output, record, stages[name], _limit(stages[name], field), before)


def _limit(stage: Filter, field: str) -> Limit:
    known = {limit.field: limit for limit in stage.limits}
    if not known:
        does = "sorts what is kept" if stage.parts else "decides on pairs of images, not by a threshold of one"
        raise SettingsError(f"{stage.name} {does}: it has none to calibrate")
    if not field and len(known) > 1:
        ways = ", ".join(f"{stage.name}.{name}" for name in known)
        raise SettingsError(f"{stage.name} has several thresholds: choose one of {ways}")
    if field and field not in known:
        raise SettingsError(f"{stage.name} has no threshold {field!r}; {hint(field, known)}")
    return known[field] if field else stage.limits[0]
