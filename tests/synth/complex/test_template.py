"""Template files: ours are read, broken ones say in one line what is wrong where."""

from __future__ import annotations

from pathlib import Path

import pytest

from synth.complex.studio import WIDEST
from synth.complex.template import TemplateError, bundled, load, load_folder, vocabulary

GOOD = """
scene: a note
root:
  column:
    of:
      - text: {slot: title, size: 40}
"""


@pytest.mark.parametrize("family", ["screens", "posters", "cards"])
def test_ours_are_many_and_serve_every_grade_and_language(family: str) -> None:
    templates = bundled(family)
    assert len(templates) >= 12
    for grade in ("word", "line", "paragraph"):
        for ratio in (1.0, 2 / 3, 3 / 2, 3 / 4, 4 / 3, 9 / 16, 16 / 9, 1 / 3, 3.0):
            able = [t for t in templates if grade in t.grades]
            serving = [t for t in able if t.ratio[0] <= ratio <= t.ratio[1] or (t.device and ratio <= WIDEST)]
            assert serving, (grade, ratio)


def test_lists_have_both_languages() -> None:
    for name, texts in vocabulary().items():
        assert set(texts) == {"en", "zh"}, name
        assert all(text == text.strip() and text for each in texts.values() for text in each), name


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("scene: a note\n", "", "scene", "missing"),
        ("size: 40", "size: big", "root.column.of[0].text.size", "a number"),
        ("slot: title", "slot: tilte", "root.column.of[0].text.slot", "title"),
        ("slot: title", "pick: nothing", "root.column.of[0].text.pick", "no list 'nothing'"),
        ("slot: title, ", "", "root.column.of[0].text", "one of slot, pick and say"),
        ("text: {slot: title, size: 40}", "icon: {icon: home}", "root", "no text"),
        ("text:", "txet:", "root.column.of[0].txet", "no such widget"),
        ("size: 40", "sise: 40", "root.column.of[0].text.sise", "no such field"),
        ("column:\n", "column:\n    fill: purple\n", "root.column.fill", "one of ground"),
        ("column:\n", "column:\n    repeat: [3, 1]\n", "root.column.repeat", "least"),
        ("column:\n", "column:\n    width: 140%\n", "root.column.width", "a part"),
        ("scene: a note\n", "scene: a note\nratio: [2, 1]\n", "ratio", "pair"),
        ("scene: a note\n", "scene: a note\ngrades: [book]\n", "grades", "word"),
        ("scene: a note\n", "scene: a note\ncolour: red\n", "colour", "no such field"),
        ("of:\n      - text: {slot: title, size: 40}", "of: 3", "root.column.of", "list of widgets"),
    ],
)
def test_broken_templates_say_what_is_wrong(tmp_path: Path, old: str, new: str, field: str, says: str) -> None:
    assert old in GOOD
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(TemplateError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: {field}: ")
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize("content", ["root: [", "just words", "", "\x00", "- a\n- b"])
def test_what_is_no_template_at_all(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(TemplateError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_an_empty_folder_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no template"):
        load_folder(tmp_path)
    with pytest.raises(TemplateError, match="cannot be read"):
        load(tmp_path / "gone.yaml")
