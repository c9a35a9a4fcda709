"""Recipes: YAML in, filters out, every mistake one line that says what to do."""

from __future__ import annotations

import json

import pytest

from curation.recipe import FORMATS, RecipeError, from_dict, load
from filters.blur import Blur
from filters.registry import FILTERS


def recipe(text: str = "", *settings: str):  # type: ignore[no-untyped-def]
    return load(text, "in", "out", list(settings))


def test_the_default_recipe_is_the_seven_stages_in_order() -> None:
    names = [stage.name for stage in recipe().stages]
    assert names == ["dedup", "nsfw", "entropy", "blur", "exposure", "watermark", "text_density"]
    assert recipe().output_format == "parquet"


def test_a_line_is_the_filters_constructor() -> None:
    made = recipe("stages:\n  - blur: {min_sharpness: 40}\n  - entropy\n  - exposure:\n")
    assert [stage.name for stage in made.stages] == ["blur", "entropy", "exposure"]
    assert made.stages[0] == Blur(min_sharpness=40.0)


def test_paths_of_the_command_line_win() -> None:
    text = "input: a\noutput: {path: b, format: webdataset}\n"
    assert (load(text, None, None, []).input, load(text, None, None, []).output) == ("a", "b")
    assert (load(text, "x", "y", []).input, load(text, "x", "y", []).output) == ("x", "y")
    assert load(text, None, None, []).output_format == "webdataset"


def test_settings_change_one_threshold() -> None:
    made = recipe("", "stages.blur.min_sharpness=40", "output.format=webdataset")
    assert [stage for stage in made.stages if stage.name == "blur"] == [Blur(min_sharpness=40.0)]
    assert made.output_format == "webdataset"


def test_a_resolved_recipe_reads_back() -> None:
    made = recipe("", "stages.blur.min_sharpness=40")
    assert from_dict(json.loads(json.dumps(made.as_dict()))) == made


def test_the_hash_is_of_what_decides() -> None:
    assert load("", "a", "b", []).digest() == load("", "c", "d", []).digest()
    assert (
        recipe("stages: [blur: {min_sharpness: 12}]").digest()
        == recipe("stages: [blur: {min_sharpness: 12.0}]").digest()
    )
    assert recipe("", "stages.blur.min_sharpness=1").digest() != recipe().digest()
    assert recipe("", "output.format=webdataset").digest() != recipe().digest()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("stages: [blurr]", "unknown stage 'blurr'; did you mean 'blur'?"),
        ("stages: [zzz]", f"unknown stage 'zzz'; it is one of {', '.join(FILTERS)}"),
        (
            "stages: [blur: {min_sharpnes: 1}]",
            "stage 'blur' has no field 'min_sharpnes'; did you mean 'min_sharpness'?",
        ),
        ("stages: [blur: {min_sharpness: high}]", "blur.min_sharpness must be a number, not 'high'"),
        ("stages: [blur: {min_sharpness: true}]", "blur.min_sharpness must be a number, not True"),
        ("stages: [blur: {min_sharpness: .nan}]", "blur.min_sharpness must be a number, not nan"),
        ("stages: [dedup: {max_distance: 2.5}]", "dedup.max_distance must be a whole number, not 2.5"),
        ("stages: [dedup: {max_distance: 99}]", "max_distance must be"),
        ("stages: [blur, blur]", "stage 'blur' stands in the recipe twice"),
        ("stages: {blur: {}}", "stages must be a list"),
        ("stages: [[blur]]", "a stage is written"),
        ("stages: [blur: 3]", "a stage is written"),
        ("stages: []", "stages is empty"),
        ("stage: [blur]", "a recipe has no 'stage'; did you mean 'stages'?"),
        ("- blur", "the recipe must be a mapping"),
        ("a: [", "the recipe is no valid YAML"),
        ("output: {path: x, format: tar}", "output.format is 'tar'"),
        ("output: {path: x, fromat: tar}", "output has no 'fromat'; did you mean 'format'?"),
        ("output: 3", "output must be a path"),
    ],
)
def test_mistakes(text: str, why: str) -> None:
    with pytest.raises(RecipeError) as error:
        recipe(text)
    assert why in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("blur=3", "only stages.STAGE.FIELD and output.format"),
        ("stages.blur.min_sharpness", "write --set stages.blur.min_sharpness=40"),
        ("stages.blurr.min_sharpness=3", "did you mean 'blur'?"),
        ("stages.blur.sharp=3", "has no field 'sharp'"),
        ("stages.blur.min_sharpness=a", "must be a number"),
        ("output.format=zip", f"it is one of {', '.join(FORMATS)}"),
        ("stages.blur.min_sharpness=[", "no valid YAML"),
    ],
)
def test_mistaken_settings(setting: str, why: str) -> None:
    with pytest.raises(RecipeError) as error:
        recipe("", setting)
    assert why in str(error.value)


def test_paths_are_needed() -> None:
    with pytest.raises(RecipeError, match="no input"):
        load("", None, "out", [])
    with pytest.raises(RecipeError, match="no output"):
        load("", "in", None, [])
