"""A recipe gets its threshold and its evidence, and nothing else of its text changes."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.calibration.writing import new_recipe, stages_of, with_threshold
from curation.mistake import Mistake, SettingsError
from curation.recipe import load

EVIDENCE = ["2026-01-02: 14 instead of 12;", "precision 0.9, 20 labels"]
COMMENT = "# min_sharpness, calibrated 2026-01-02: 14 instead of 12;\n  #   precision 0.9, 20 labels\n  "

HEAD = "# mine  \ninput: 'photos/'   # from the field\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("stages:\n  - blur\n", f"stages:\n  {COMMENT}- blur: {{min_sharpness: 14.0}}\n"),
        ("stages:\n  - blur  # soft\n", f"stages:\n  {COMMENT}- blur: {{min_sharpness: 14.0}}  # soft\n"),
        ("stages:\n  - blur:\n", f"stages:\n  {COMMENT}- blur: {{min_sharpness: 14.0}}\n"),
        ("stages:\n  - blur: null\n", f"stages:\n  {COMMENT}- blur: {{min_sharpness: 14.0}}\n"),
        ("stages:\n  - blur: {}\n", f"stages:\n  {COMMENT}- blur: {{min_sharpness: 14.0}}\n"),
        (
            "stages:\n  - blur: {min_sharpness: 3}  # so\n",
            f"stages:\n  {COMMENT}- blur: {{min_sharpness: 14.0}}  # so\n",
        ),
        (
            "stages:\n  - entropy\n  # why\n  - blur:\n      min_sharpness: 3  # so\n",
            f"stages:\n  - entropy\n  # why\n  {COMMENT}- blur:\n      min_sharpness: 14.0  # so\n",
        ),
        ("stages: [entropy, blur]", COMMENT.replace("\n  ", "\n") + "stages: [entropy, blur: {min_sharpness: 14.0}]"),
        (
            '{"stages": [{"blur": {"min_sharpness": 3}}]}',
            COMMENT.replace("\n  ", "\n") + '{"stages": [{"blur": {"min_sharpness": 14.0}}]}',
        ),
        (
            "",
            f"stages:\n  - dedup\n  - nsfw\n  - entropy\n  {COMMENT}- blur: {{min_sharpness: 14.0}}\n"
            "  - exposure\n  - watermark\n  - text_density\n",
        ),
    ],
)
def test_every_way_to_write_a_stage(before: str, after: str) -> None:
    assert with_threshold(before, "blur", "min_sharpness", 14.0, EVIDENCE) == after
    if not before.startswith("{"):
        assert with_threshold(HEAD + before, "blur", "min_sharpness", 14.0, EVIDENCE) == HEAD + after
        ends = with_threshold((HEAD + before).replace("\n", "\r\n"), "blur", "min_sharpness", 14.0, EVIDENCE)
        assert ends == (HEAD + after).replace("\n", "\r\n")


def test_other_thresholds_stay() -> None:
    for text in (
        "stages:\n  - exposure: {min_contrast: 0.1, max_blown: 0.2}\n",
        "stages:\n- exposure:\n    # all of it\n    min_contrast: 0.1\n    max_blown: 0.2 # here\n",
    ):
        for field in ("min_contrast", "max_blown", "min_highlight"):
            changed = stages_of(with_threshold(text, "exposure", field, 0.05, EVIDENCE))["exposure"]
            kept = {"min_contrast": 0.1, "max_blown": 0.2} | {field: 0.05}
            assert {name: getattr(changed, name) for name in kept} == kept


def test_evidence_gives_way_to_newer_evidence_of_the_same_threshold() -> None:
    text = "stages:\n  # ours\n  - exposure\n"
    once = with_threshold(text, "exposure", "max_blown", 0.2, ["first", "more", "still"])
    both = with_threshold(once, "exposure", "min_contrast", 0.3, ["second", "more"])
    again = with_threshold(both, "exposure", "max_blown", 0.4, ["third"])
    assert again == (
        "stages:\n  # ours\n  # min_contrast, calibrated second\n  #   more\n  # max_blown, calibrated third\n"
        "  - exposure: {min_contrast: 0.3, max_blown: 0.4}\n"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stages: [entropy]", "no stage 'blur'"),
        ("stages: [\n", "no valid YAML"),
        ("stages:\n  - blur: &same {}\n  - entropy: *same\n", "by hand"),
        ("{input: photos}\n", "by hand"),
    ],
)
def test_what_cannot_be_changed_is_said(text: str, told: str) -> None:
    with pytest.raises(Mistake, match=told) as caught:
        with_threshold(text, "blur", "min_sharpness", 14.0, EVIDENCE)
    assert "\n" not in str(caught.value)


words = st.text(st.sampled_from("abc:#-'\"{}[] é字,"), max_size=12)


@given(st.lists(words, max_size=3), words, st.sampled_from([0, 2, 4]), st.booleans(), st.floats(1e-7, 99))
def test_what_stood_there_stands_there(comments: list[str], path: str, indent: int, old: bool, value: float) -> None:
    """Whatever comments and paths a recipe has: lines but the stage's own stay, and the threshold is what was asked."""
    pad = " " * indent
    lines = [f"# {comment}" for comment in comments]
    lines += [f"input: {path!r}" if "'" not in path and "\\" not in path else "input: x", "stages:"]
    lines += [f"{pad}# {comment}" for comment in comments] + [f"{pad}- entropy  # {path}"]
    lines += [f"{pad}- blur: {'{min_sharpness: 7}' if old else ''}", f"{pad}- exposure"]
    text = "\n".join(lines) + "\n"
    changed = with_threshold(text, "blur", "min_sharpness", value, EVIDENCE)
    assert load(changed, "in", "out", []).stages[1].min_sharpness == value  # type: ignore[attr-defined]
    gone = [line[2:] for line in difflib.ndiff(text.splitlines(), changed.splitlines()) if line.startswith("- ")]
    assert gone == [f"{pad}- blur: {'{min_sharpness: 7}' if old else ''}"]


def test_a_new_recipe_is_that_of_the_run() -> None:
    recipe = load("stages: [entropy: {min_bits: 2}, blur]", "in", "out", ["output.format=webdataset"])
    text = new_recipe({"recipe": recipe.as_dict(), "recipe_hash": recipe.digest()})
    assert load(text, "in", "out", []) == recipe
    changed = load(with_threshold(text, "blur", "min_sharpness", 14.0, EVIDENCE), "in", "out", [])
    assert changed.stages[0] == recipe.stages[0]
    with pytest.raises(SettingsError):
        with_threshold(text, "nsfw", "max_score", 0.5, EVIDENCE)
