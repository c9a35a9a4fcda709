"""Samples out of every template: nothing overflows, nothing overlaps, everything reads, everything is said truly."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from synth.complex import fitting, studio
from synth.complex.flex import Rect
from synth.complex.paint import LARGE, LARGE_BOLD, LARGE_FLOOR, contrast_of
from synth.complex.properties import ROLES
from synth.complex.stage import Part
from synth.complex.template import Template, bundled, load
from synth.complex.theme import theme
from synth.contrast import FLOOR, contrast
from synth.sample import GRADES, LANGUAGES, Discarded, Line, Sample, Wish
from synth.source import TextSource
from synth.text import find_faces

OURS = [(family, template) for family in ("screens", "posters", "cards") for template in bundled(family)]
CASES = [
    pytest.param(template, language, id=f"{family}-{template.name}-{language}")
    for family, template in OURS
    for language in LANGUAGES
    if language in template.languages
]


@cache
def source() -> TextSource:
    return TextSource()


def shape(template: Template) -> tuple[int, int]:
    """A shape that the template is made for, of about 0.7 megapixels."""
    least, most = template.ratio
    ratio = min(max(1.0, 1.02 * least), 0.98 * most) if not template.device else 0.5
    return round(840 * ratio**0.5), round(840 / ratio**0.5)


def made(template: Template, language: str, index: int, size: tuple[int, int] = (0, 0)) -> Sample:
    """The first attempt that is not discarded, of eight."""
    width, height = size if size[0] else shape(template)
    wish = Wish(5, index, width, height, language, template.grades[index % len(template.grades)])
    for attempt in range(8):
        rng = np.random.default_rng([5, index, attempt])
        try:
            return studio.make(rng, wish, source().for_sample(5, index), [template], find_faces())
        except Discarded as refusal:
            said = refusal
    raise said


@pytest.mark.parametrize("family", ["screens", "posters", "cards"])
def test_what_could_not_be_read_in_a_small_picture_does_not_suit_it(family: str) -> None:
    def suiting(side: int) -> set[str]:
        wishes = [Wish(0, 0, side, side, "zh", grade) for grade in GRADES]
        return {template.name for wish in wishes for template in studio.suitable(wish, bundled(family))}

    assert suiting(64) == set()
    assert suiting(320) < suiting(1024)
    for template in bundled(family):
        if template.name in suiting(320):
            assert cause(template, 320) != "text too small"


def cause(template: Template, side: int) -> str:
    """Why no square picture of that side comes of it, if none does."""
    try:
        made(template, "zh", 0, (side, side))
    except Discarded as refusal:
        return refusal.cause
    return ""


def rect(line: Line) -> Rect:
    x0, y0, x1, _, _, y2, _, _ = line.quad
    return Rect(x0, y0, x1 - x0, y2 - y0)


@pytest.mark.parametrize(("template", "language"), CASES)
def test_every_template_gives_valid_samples(template: Template, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    roots: list[Part] = []
    settle = fitting.settle

    def spied(root: Part, place: Rect, spares: list) -> None:
        settle(root, place, spares)
        roots.append(root)

    monkeypatch.setattr(studio, "settle", spied)
    sample = made(template, language, index=len(template.name) + len(language))
    width, height = shape(template)
    assert sample.pixels.shape == (height, width, 3)
    whole = Rect(0, 0, width, height)
    boxes = [rect(line) for line in sample.lines]
    assert boxes
    assert all(whole.holds(box) for box in boxes)
    joined = "".join("".join(text.split()) for text in sample.paragraphs)
    assert "".join("".join(line.text.split()) for line in sample.lines) == joined
    assert_apart(boxes)
    assert_in_their_parts(roots[-1], sample)
    assert_readable(sample)


def assert_apart(boxes: list[Rect]) -> None:
    """No two lines share more than a hair."""
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            wide = min(one.right, other.right) - max(one.x, other.x)
            high = min(one.bottom, other.bottom) - max(one.y, other.y)
            assert wide < 1 or high < 1, (one, other)


def assert_in_their_parts(root: Part, sample: Sample) -> None:
    """Every line lies in the box of its text, every text's box in those around it."""
    assert fitting.overflowing(root) is None
    written = iter(sample.lines)
    for part in fitting.texts(root):
        assert part.words is not None
        layout = part.words.placed(part.room, part.settings["text_align"])
        for _ in layout.lines:
            assert part.room.holds(rect(next(written)), slack=1.0)
    assert next(written, None) is None


def assert_readable(sample: Sample) -> None:
    """In the pixels as they came out: the ground of each line, and ink that stands out from it."""
    for line in sample.lines:
        box = rect(line)
        crop = sample.pixels[max(0, int(box.y)) : int(box.bottom) + 1, max(0, int(box.x)) : int(box.right) + 1]
        edge = np.concatenate([crop[0], crop[-1]])
        ground = np.median(edge, axis=0).astype(int)
        far = np.abs(crop.astype(int) - ground).sum(axis=2)
        ink = crop.reshape(-1, 3)[int(far.argmax())]
        bold = "Bold" in line.font or "Black" in line.font or sample.notes["emboldened"]
        floor = LARGE_FLOOR if line.size >= (LARGE_BOLD if bold else LARGE) else FLOOR
        measured = contrast(tuple(map(int, ink)), tuple(map(int, ground)))  # type: ignore[arg-type]
        thin = 0.65 if line.size < 16 else 0.85  # thin strokes never reach their full colour
        assert measured >= thin * floor, (line.text, measured)


@pytest.mark.parametrize("family", ["screens", "posters", "cards"])
def test_the_same_wish_gives_the_same_bytes(family: str) -> None:
    def once() -> Sample:
        rng = np.random.default_rng([3, 1, 0])
        wish = Wish(3, 1, 512, 512, "zh", "word")
        return studio.make(rng, wish, source().for_sample(3, 1), bundled(family), find_faces())

    first, second = once(), once()
    assert first.pixels.tobytes() == second.pixels.tobytes()
    assert first.lines == second.lines


def test_a_template_of_a_users_own(tmp_path: Path) -> None:
    path = tmp_path / "note.yaml"
    path.write_text(
        """
scene: a sticky note
words:
  mine: {en: [Only this], zh: [只有这个]}
root:
  column:
    fill: tint
    padding: 60
    of:
      - text: {pick: [mine], size: 50, role: title, colour: on_tint}
      - text: {slot: paragraph, size: 30, colour: on_tint}
""",
        "utf-8",
    )
    rng = np.random.default_rng(0)
    sample = studio.make(rng, Wish(0, 0), source(), [load(path)], find_faces())
    assert sample.paragraphs[0] == "Only this"
    assert sample.lines[0].role == "title"
    assert sample.layout == "note"
    assert sample.scene.startswith("a sticky note")


def test_too_much_text_is_discarded_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "tight.yaml"
    path.write_text(
        "scene: a label\nroot:\n  column:\n    of:\n      - text: {say: {en: Unabridgeable}, size: 400}\n", "utf-8"
    )
    with pytest.raises(Discarded) as caught:
        studio.make(np.random.default_rng(0), Wish(0, 0), source(), [load(path)], find_faces())
    assert caught.value.cause == "text does not fit"


def test_no_template_for_a_shape_is_said() -> None:
    wide = Wish(0, 0, 3000, 300, "en", "word")
    with pytest.raises(Discarded) as caught:
        studio.make(np.random.default_rng(0), wide, source(), bundled("posters"), find_faces())
    assert caught.value.cause == "no template"


def test_given_photos_are_shown() -> None:
    template = next(t for family, t in OURS if family == "posters" and t.name == "travel")
    photo = np.zeros((90, 160, 3), np.uint8)
    photo[..., 1] = 255
    wish = Wish(1, 2, 640, 640, "en", "word")
    sample = studio.make(np.random.default_rng(2), wish, source(), [template], find_faces(), [photo])
    assert (sample.pixels == (0, 255, 0)).all(axis=2).mean() > 0.2
    assert "photo" in dict(sample.objects)


@pytest.mark.parametrize("look", ["screen", "poster", "card"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_inks_read_on_their_grounds(look: str, mode: str) -> None:
    pairs = {
        **dict.fromkeys(("ink", "soft", "link", "good", "bad", "warn"), ("ground", "surface", "sunk")),
        **{f"on_{ground}": (ground,) for ground in ("accent", "second", "tint", "raised", "night")},
        **{f"soft_{ground}": (ground,) for ground in ("raised", "night")},
    }
    for seed in range(12):
        colours = theme(np.random.default_rng(seed), look, (mode,))
        assert set(colours.colours) == set(ROLES)
        for ink, grounds in pairs.items():
            for ground in grounds:
                assert contrast(colours[ink], colours[ground]) >= FLOOR, (seed, ink, ground)


def test_contrast_is_that_of_the_worst_pixel() -> None:
    pixels = np.full((4, 4, 3), 255, np.uint8)
    assert contrast_of(pixels, (0, 0, 0)) == pytest.approx(21)
    pixels[1, 2] = (30, 30, 30)
    assert contrast_of(pixels, (0, 0, 0)) < 2


def test_relations_are_true_and_objects_counted() -> None:
    template = next(t for family, t in OURS if family == "screens" and t.name == "dashboard")
    sample = made(template, "en", 4, (1024, 1024))
    counted = dict(sample.objects)
    assert "sidebar" in counted
    assert "4 of them" in counted["figure card"] or "6 of them" in counted["figure card"]
    assert all(predicate in ("above", "to the left of", "on") for _, predicate, _ in sample.relations)
