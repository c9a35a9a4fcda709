"""Writes one threshold into a recipe and leaves the rest of its text, comments too, as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from curation.mistake import SettingsError
from curation.recipe import RecipeError, load
from filters.base import Filter
from filters.registry import DEFAULT


@dataclass(frozen=True)
class Edit:
    """What stands at `start` to `end` of a text gives way to `text`."""

    start: int
    end: int
    text: str


def new_recipe(record: dict[str, Any]) -> str:
    """The recipe of a run, from its manifest, as text: its stages with all thresholds, without its paths."""
    recipe = record["recipe"]
    kept = {"stages": recipe["stages"]}
    if recipe["output"]["format"] != "parquet":
        kept["output"] = {"format": recipe["output"]["format"]}
    head = f"# The recipe of the run {record['recipe_hash'][:12]}.\n"
    return head + yaml.safe_dump(kept, sort_keys=False, allow_unicode=True)


def with_threshold(text: str, stage: str, field: str, value: float, evidence: Sequence[str]) -> str:
    """The recipe `text` with `field` of `stage` set to `value`, and `evidence`, lines of a comment, above the stage.

    The evidence of an earlier calibration of this field goes. Raises RecipeError where the text is no recipe,
    SettingsError where it has no such stage or cannot be changed there alone.
    """
    wanted = _with(stages_of(text), stage, field, value)
    scalar = yaml.safe_dump(value).splitlines()[0]
    edit, line = _edit(text, stage, field, scalar)
    changed = text[: edit.start] + edit.text + text[edit.end :]
    changed = _commented(changed, line, field, evidence)
    try:
        same = stages_of(changed) == wanted and _rest(changed) == _rest(text)
    except RecipeError:
        same = False
    if not same:
        raise SettingsError(
            f"{stage}.{field} cannot be changed by itself in this recipe: write {field}: {scalar} by hand"
        )
    return changed


def stages_of(text: str) -> dict[str, Filter]:
    """The stages of a recipe's text, by name. Raises RecipeError."""
    return {stage.name: stage for stage in load(text, "input", "output", []).stages}


def _with(stages: dict[str, Filter], stage: str, field: str, value: float) -> dict[str, Filter]:
    if stage not in stages:
        raise SettingsError(f"the recipe has no stage {stage!r}: add it, or name a file that is not there yet")
    return stages | {stage: replace(stages[stage], **{field: value})}


def _rest(text: str) -> Any:
    return {key: value for key, value in (yaml.safe_load(text) or {}).items() if key != "stages"}


def _edit(text: str, stage: str, field: str, value: str) -> tuple[Edit, int]:
    """The edit that sets the field, and the number of the line that the stage begins on."""
    ending = "\r\n" if "\r\n" in text else "\n"
    found = _stage(yaml.compose(text), stage)
    if found is None:  # it names no stages: the default ones
        lines = [f"  - {name}: {{{field}: {value}}}" if name == stage else f"  - {name}" for name in DEFAULT]
        start = "" if not text or text.endswith("\n") else ending
        at = (text + start).count("\n") + 1 + list(DEFAULT).index(stage)
        return Edit(len(text), len(text), start + ending.join(["stages:", *lines]) + ending), at
    line = found[0].start_mark.line
    return _field(text, found, field, value, ending), line


def _stage(root: Node | None, stage: str) -> tuple[Node, Node | None] | None:
    """The nodes of the stage's name and of its thresholds, None where it has none; None where there are no stages."""
    if not isinstance(root, MappingNode):
        return None
    stages = next((value for key, value in root.value if key.value == "stages"), None)
    if not isinstance(stages, SequenceNode):
        return None
    for line in stages.value:
        if isinstance(line, ScalarNode) and line.value == stage:
            return line, None
        if isinstance(line, MappingNode) and line.value[0][0].value == stage:
            return line.value[0]
    return None


def _field(text: str, found: tuple[Node, Node | None], field: str, value: str, ending: str) -> Edit:
    name, fields = found
    if fields is None:
        end = name.end_mark.index
        return Edit(end, end, f": {{{field}: {value}}}")
    if not isinstance(fields, MappingNode):  # `- blur:` or `- blur: null`
        start, end = fields.start_mark.index, fields.end_mark.index
        gap = "" if text[:start].endswith(" ") else " "
        return Edit(start, end, f"{gap}{{{field}: {value}}}")
    for key, old in fields.value:
        if key.value == field:
            return Edit(old.start_mark.index, old.end_mark.index, value)
    if fields.flow_style:
        at = fields.start_mark.index + 1
        return Edit(at, at, f"{field}: {value}" + (", " if fields.value else ""))
    first = fields.value[0][0].start_mark
    return Edit(first.index, first.index, f"{field}: {value}{ending}{' ' * first.column}")


def _commented(text: str, line: int, field: str, evidence: Sequence[str]) -> str:
    """`text` with the evidence above its line number `line`, from 0, in place of that of an earlier calibration."""
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(ending)
    indent = lines[line][: len(lines[line]) - len(lines[line].lstrip(" "))]
    head, more = f"{indent}# {field}, calibrated", f"{indent}#   "
    above = line
    while above and lines[above - 1].lstrip(" ").startswith("#"):
        above -= 1
    kept, ours = list[str](), False
    for comment in lines[above:line]:
        ours = comment.startswith(head) or (ours and comment.startswith(more))
        kept += [] if ours else [comment]
    first, *rest = evidence
    written = [f"{head} {first}", *(more + each for each in rest)]
    return ending.join([*lines[:above], *kept, *written, *lines[line:]])
