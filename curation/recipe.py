"""A recipe: where images come from, the stages in order with their thresholds, where the result goes.

YAML in, a `Recipe` out, every mistake one line. A stage's line is the constructor of its filter, so the names and
types of its thresholds are those of the filter's dataclass.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

import yaml

from curation import storage
from curation.mistake import Mistake, hint, one_line
from filters.base import Filter
from filters.registry import DEFAULT, FILTERS

FORMATS = ("parquet", "webdataset")


class RecipeError(Mistake):
    """The recipe is wrong. One line: what, and what to do."""


@dataclass(frozen=True)
class Recipe:
    """A resolved recipe. `output_format` is one of `FORMATS`."""

    input: str
    output: str
    stages: tuple[Filter, ...] = field(default_factory=lambda: tuple(cls() for cls in DEFAULT.values()))
    output_format: str = "parquet"

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain values, every default filled in; `load` reads it back."""
        stages = [{stage.name: plain_fields(stage)} for stage in self.stages]
        output = {"path": self.output, "format": self.output_format}
        return {"input": self.input, "output": output, "stages": stages}

    def digest(self) -> str:
        """Hex hash of what decides the result: stages and format, not the paths."""
        chosen = {key: value for key, value in self.as_dict().items() if key == "stages"}
        text = json.dumps([chosen, self.output_format], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def from_dict(content: dict[str, Any]) -> Recipe:
    """The recipe that `as_dict` gave, as a manifest holds it. Raises RecipeError."""
    return load(json.dumps(content), None, None, [])


def plain_fields(stage: Filter) -> dict[str, Any]:
    """A filter's thresholds as values that JSON and YAML hold."""
    values = {f.name: getattr(stage, f.name) for f in dataclasses.fields(stage)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def read_recipe(path: str | None = None) -> str:
    """The text of a recipe with its line endings as they are, empty where none is named. Raises RecipeError."""
    if path is None:
        return ""
    try:
        return storage.read_bytes(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"cannot read the recipe {path}: {getattr(error, 'strerror', None) or error}") from error


def load(text: str, input: str | None, output: str | None, settings: list[str]) -> Recipe:
    """A recipe from YAML `text` (may be empty: the default one), with paths and `stages.blur.x=1` settings laid over.

    Raises RecipeError.
    """
    content = _content(text)
    out_path, out_format = _output(content.get("output"))
    stages = _stage_lines(content.get("stages"))
    for setting in settings:
        out_format = _set(setting, stages, out_format)
    input, output = input or content.get("input"), output or out_path
    if not isinstance(input, str) or not input:
        raise RecipeError("no input: write `input: PATH` in the recipe or give --input PATH")
    if not output:
        raise RecipeError("no output: write `output: DIR` in the recipe or give --output DIR")
    if out_format not in FORMATS:
        raise RecipeError(f"output.format is {out_format!r}; {hint(str(out_format), FORMATS)}")
    return Recipe(input, output, tuple(build(name, fields) for name, fields in stages), out_format)


def paths(text: str) -> tuple[str | None, str | None]:
    """The input and the output that the recipe `text` names itself. Raises RecipeError."""
    content = _content(text)
    return content.get("input"), _output(content.get("output"))[0]


def _content(text: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise RecipeError(f"the recipe is no valid YAML: {one_line(error)}") from error
    if not isinstance(content, dict):
        raise RecipeError("the recipe must be a mapping with input, output and stages")
    _known(content, ("input", "output", "stages"), "a recipe")
    return content


def _output(value: Any) -> tuple[str | None, str]:
    if value is None or isinstance(value, str):
        return value, "parquet"
    if not isinstance(value, dict):
        raise RecipeError("output must be a path, or a mapping with path and format")
    _known(value, ("path", "format"), "output")
    return value.get("path"), value.get("format", "parquet")


def _stage_lines(lines: Any) -> list[tuple[str, dict[str, Any]]]:
    """[(name, thresholds)]; a line may be `blur`, `blur: {…}` or `blur:`."""
    if lines is None:
        return [(name, {}) for name in DEFAULT]
    if not isinstance(lines, list):
        raise RecipeError("stages must be a list, in the order in which they run: `- blur: {min_sharpness: 12}`")
    stages: list[tuple[str, dict[str, Any]]] = []
    for line in lines:
        name, fields = next(iter(line.items())) if isinstance(line, dict) and len(line) == 1 else (line, {})
        if not isinstance(name, str) or not isinstance(fields, dict | None):
            raise RecipeError(f"a stage is written `- blur: {{min_sharpness: 12}}`, not `{line}`")
        if name not in FILTERS:
            raise RecipeError(f"unknown stage {name!r}; {hint(name, FILTERS)}")
        if name in (known for known, _ in stages):
            raise RecipeError(f"stage {name!r} stands in the recipe twice")
        stages.append((name, dict(fields or {})))
    if not stages:
        raise RecipeError("stages is empty: name at least one, or leave it out for the default seven")
    return stages


def _set(setting: str, stages: list[tuple[str, dict[str, Any]]], out_format: str) -> str:
    """Apply one `--set path=value`; returns the output format, which it may change."""
    path, equals, value = setting.partition("=")
    if not equals:
        raise RecipeError(f"--set {setting}: write --set stages.blur.min_sharpness=40")
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise RecipeError(f"--set {path}: {value!r} is no valid YAML") from error
    if path == "output.format":
        return str(parsed)
    parts = path.split(".")
    if len(parts) != 3 or parts[0] != "stages":
        raise RecipeError(f"--set {path}: only stages.STAGE.FIELD and output.format can be set")
    fields = dict(stages).get(parts[1])
    if fields is None:
        raise RecipeError(f"--set {path}: no stage {parts[1]!r} here; {hint(parts[1], [n for n, _ in stages])}")
    fields[parts[2]] = parsed
    return out_format


def build(name: str, fields: dict[str, Any]) -> Filter:
    """The filter `name` with these thresholds, names and types checked. Raises RecipeError."""
    cls = FILTERS[name]
    types_by_name = typing.get_type_hints(cls)
    declared = {f.name: types_by_name[f.name] for f in dataclasses.fields(cls)}
    for field_name, value in fields.items():
        if field_name not in declared:
            raise RecipeError(f"stage {name!r} has no field {field_name!r}; {hint(field_name, declared)}")
        if not _fits(value, declared[field_name]):
            wanted = _spoken(declared[field_name])
            raise RecipeError(f"{name}.{field_name} must be {wanted}, not {value!r}")
    try:
        return cls(**{key: _shaped(value, declared[key]) for key, value in fields.items()})
    except ValueError as error:
        raise RecipeError(f"{name}: {error}") from error


def _fits(value: Any, wanted: Any) -> bool:
    if get_origin(wanted) in (types.UnionType, typing.Union):
        return any(_fits(value, part) for part in get_args(wanted))
    if get_origin(wanted) is tuple:
        return isinstance(value, list | tuple) and all(_fits(item, get_args(wanted)[0]) for item in value)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and value == value
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _shaped(value: Any, wanted: Any) -> Any:
    if wanted is float:
        return float(value)  # so that 12 and 12.0 are one recipe with one hash
    return tuple(value) if isinstance(value, list) else value


def _spoken(wanted: Any) -> str:
    if get_origin(wanted) is tuple:
        return "a list"
    names = {float: "a number", int: "a whole number", str: "text", bool: "true or false"}
    return names.get(wanted, str(wanted))


def _known(content: dict[Any, Any], names: tuple[str, ...], where: str) -> None:
    for name in content:
        if name not in names:
            raise RecipeError(f"{where} has no {name!r}; {hint(str(name), names)}")
