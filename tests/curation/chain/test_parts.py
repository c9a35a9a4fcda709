"""Recipes put one behind the other, and what users get wrong about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.chain.parts import Part, parts
from curation.recipe import RecipeError

A, B = ("a.yaml", "stages: [dedup, blur]"), ("deep/b.yaml", "stages: [entropy, exposure]")


def chained(*texts: tuple[str, str], settings: tuple[str, ...] = ()) -> list[Part]:
    return parts(texts, "in/", "out/", list(settings))


def test_each_reads_what_the_one_before_it_writes() -> None:
    a, b, c = chained(A, B, ("c.yaml", "output: {format: webdataset}\nstages: [nsfw]"))
    assert [part.name for part in (a, b, c)] == ["a", "b", "c"]
    assert [part.recipe.input for part in (a, b, c)] == ["in/", "out/a", "out/b"]
    assert [part.recipe.output for part in (a, b, c)] == ["out/a", "out/b", "out/c"]
    assert [part.recipe.output_format for part in (a, b, c)] == ["parquet", "parquet", "webdataset"]


def test_the_first_may_name_the_input() -> None:
    own = ("a.yaml", "input: photos/\nstages: [dedup]")
    assert parts([own, B], None, "out", [])[0].recipe.input == "photos/"
    assert parts([own, B], "others/", "out", [])[0].recipe.input == "others/"


@pytest.mark.parametrize("named", ["out/a", "out/a/", "./out/a", "sharp/", str(Path.cwd() / "sharp")])
def test_a_later_one_may_name_what_it_gets(named: str) -> None:
    """By the folder of the chain, or by the one that the recipe before it names for itself."""
    before = ("a.yaml", "output: sharp\nstages: [blur]")
    assert chained(before, ("b.yaml", f"input: {named}\nstages: [dedup]"))[1].recipe.input == "out/a"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ((A, ("b.yaml", "input: other/")), "b.yaml reads other/, but a.yaml before it writes to out/a: leave"),
        ((A, ("b.yaml", "input: 5")), "b.yaml reads 5, but a.yaml before it writes to out/a"),
        ((("a.yaml", "output: x/"), ("b.yaml", "input: y/")), "b.yaml reads y/, but a.yaml before it writes to x/"),
        ((A, B, ("old/a.yaml", "")), "two recipes would write to out/a: give them different names"),
        ((A, ("b.yaml", "stages: [blurr]")), "b.yaml: unknown stage 'blurr'; did you mean 'blur'?"),
        ((A, ("b.yaml", "[")), "b.yaml: the recipe is no valid YAML"),
    ],
)
def test_mistakes(texts: tuple[tuple[str, str], ...], message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        chained(*texts)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_paths_that_are_missing() -> None:
    with pytest.raises(RecipeError, match="several recipes need --output DIR"):
        parts([A, B], "in", None, [])
    with pytest.raises(RecipeError, match=r"a\.yaml: no input"):
        parts([A, B], None, "out", [])


def test_a_setting_goes_to_the_recipe_that_has_the_stage() -> None:
    a, b = chained(A, B, settings=("stages.entropy.min_bits=2", "output.format=webdataset"))
    assert (a.recipe.output_format, b.recipe.output_format) == ("webdataset", "webdataset")
    assert vars(b.recipe.stages[0])["min_bits"] == 2


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("stages.blurr.min_sharpness=2", "no recipe has the stage 'blurr'; did you mean 'blur'?"),
        ("stages.blur.min_sharpness=2", r"several recipes have this stage \(a, c\): change it in the one meant"),
        ("stages.entropy.bits=2", r"deep/b\.yaml: stage 'entropy' has no field 'bits'"),
        ("stages=2", "only stages.STAGE.FIELD and output.format can be set"),
        ("nonsense", r"a\.yaml: --set nonsense: write --set"),
    ],
)
def test_settings_that_are_wrong(setting: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        chained(A, B, ("c.yaml", "stages: [blur]"), settings=(setting,))
