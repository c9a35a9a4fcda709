"""The recipes of a chain, put one behind the other: what each reads, and where it writes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from curation import storage
from curation.mistake import hint
from curation.recipe import Recipe, RecipeError, load, paths


@dataclass(frozen=True)
class Part:
    """One recipe of a chain. `name` is that of its file without the ending, and of its folder in the output."""

    name: str
    recipe: Recipe


def parts(texts: Sequence[tuple[str, str]], input: str | None, output: str | None, settings: list[str]) -> list[Part]:
    """The chain of `texts`, (path, YAML) of each recipe in order. The first reads `input`, or what it names itself.

    `output` is the folder that each gets a folder in; `settings` as for `recipe.load`, each for the one recipe that
    has the stage. Raises RecipeError.
    """
    if not output:
        raise RecipeError("several recipes need --output DIR, in which each writes to a folder of its own name")
    names = [os.path.splitext(os.path.basename(path))[0] for path, _ in texts]
    targets = [storage.join(output, name) for name in names]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise RecipeError(f"two recipes would write to {storage.join(output, twice[0])}: give them different names")
    _check_order(texts, targets)
    sources = [input, *targets]
    loaded = [_load(*texts[n], sources[n], targets[n], []) for n in range(len(texts))]
    chosen = _share_out(settings, names, loaded)
    return [Part(names[n], _load(*texts[n], sources[n], targets[n], chosen[n])) for n in range(len(texts))]


def _load(path: str, text: str, source: str | None, target: str, settings: list[str]) -> Recipe:
    try:
        return load(text, source, target, settings)
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}") from error


def _check_order(texts: Sequence[tuple[str, str]], targets: Sequence[str]) -> None:
    """Raises RecipeError where a recipe names an input that the one before it does not write."""
    for n in range(1, len(texts)):
        (before, earlier), (path, text) = texts[n - 1], texts[n]
        reads, writes = _paths(path, text)[0], [targets[n - 1], _paths(before, earlier)[1]]
        if reads and not any(_same(reads, folder) for folder in writes if folder):
            raise RecipeError(
                f"{path} reads {reads}, but {before} before it writes to {writes[1] or writes[0]}: "
                "leave its input out, or put the recipes in order"
            )


def _paths(path: str, text: str) -> tuple[str | None, str | None]:
    try:
        return paths(text)
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}") from error


def _same(one: str, other: str) -> bool:
    return storage.absolute(str(one)).rstrip("/") == storage.absolute(str(other)).rstrip("/")


def _share_out(settings: list[str], names: Sequence[str], recipes: Sequence[Recipe]) -> list[list[str]]:
    """The settings of each recipe: those of a stage for the one that has it, any other for all."""
    stages = [[stage.name for stage in recipe.stages] for recipe in recipes]
    chosen: list[list[str]] = [[] for _ in recipes]
    for setting in settings:
        path = setting.partition("=")[0]
        kind, *rest = path.split(".")
        owners = [n for n, known in enumerate(stages) if kind != "stages" or not rest or rest[0] in known]
        if not owners:
            every = dict.fromkeys(name for known in stages for name in known)
            raise RecipeError(f"--set {path}: no recipe has the stage {rest[0]!r}; {hint(rest[0], every)}")
        if kind == "stages" and rest and len(owners) > 1:
            several = ", ".join(names[n] for n in owners)
            raise RecipeError(f"--set {path}: several recipes have this stage ({several}): change it in the one meant")
        for n in owners:
            chosen[n].append(setting)
    return chosen
