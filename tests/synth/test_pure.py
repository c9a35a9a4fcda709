"""Every arrangement makes samples whose truth is true: text, boxes, contrast, and the same bytes again."""

import hashlib
import subprocess
import sys
from functools import lru_cache
from itertools import combinations

import numpy as np
import pytest

from synth import pure
from synth.contrast import FLOOR, luminances
from synth.font_packages import find_faces
from synth.fonts import FontError
from synth.pages.catalogue import ARRANGEMENTS, suiting
from synth.sample import GRADES, LANGUAGES, Discarded, Line, Sample, Wish
from synth.source import TextSource
from synth.wishes import RATIOS, sides

CASES = [(name, language) for name, made in ARRANGEMENTS.items() for language in made.languages]
TRIES = 12


def side(name: str) -> int:
    """Of a square picture that the arrangement can fill."""
    return 800 if ARRANGEMENTS[name].sides[1] > 800 else 64


@lru_cache(maxsize=1)
def source() -> TextSource:
    return TextSource()


@lru_cache(maxsize=256)
def made(name: str, language: str, width: int = 0, height: int = 0) -> Sample:
    """A sample of one arrangement: the first that is not given up."""
    wish = Wish(1, len(name), width or side(name), height or side(name), language, ARRANGEMENTS[name].grade)
    last = None
    for attempt in range(TRIES):
        try:
            rng = np.random.default_rng([1, len(name), attempt])
            return pure.arranged(rng, wish, source().for_sample(1, len(name)), name)
        except Discarded as discarded:
            last = discarded
    raise AssertionError(f"{name} in {language} was given up {TRIES} times; the last: {last}")


def corners(quad) -> np.ndarray:
    return np.array(quad).reshape(4, 2)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_boxes_lie_inside_the_image_and_characters_inside_their_line(name, language):
    sample = made(name, language)
    height, width = sample.pixels.shape[:2]
    for line in sample.lines:
        low, high = corners(line.quad).min(axis=0), corners(line.quad).max(axis=0)
        assert (low >= -0.01).all(), line.text
        assert (high <= (width + 0.01, height + 0.01)).all(), line.text
        for char in line.chars:
            assert (corners(char.quad) >= low - 0.01).all()
            assert (corners(char.quad) <= high + 0.01).all()
        assert "".join(char.text for char in line.chars) == line.text


@pytest.mark.parametrize(("name", "language"), CASES)
def test_no_line_lies_on_another(name, language):
    boxes = [(*corners(line.quad).min(axis=0), *corners(line.quad).max(axis=0)) for line in made(name, language).lines]
    for a, b in combinations(boxes, 2):
        across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert across <= 0.5 or down <= 0.5, (a, b)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_lines_joined_are_the_paragraphs(name, language):
    sample = made(name, language)
    drawn = "".join("".join(line.text.split()) for line in sample.lines)
    assert drawn == "".join("".join(text.split()) for text in sample.paragraphs)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_contrast_measured_in_the_picture_is_above_the_floor(name, language):
    """The ground is what lies above and below a line's box, the ink what differs most from it inside."""
    sample = made(name, language)
    assert sample.notes["contrast"] >= FLOOR
    for line in sample.lines:
        if line.size >= 24:  # smaller strokes are thinner than a pixel, and nowhere quite of their colour
            assert seen_contrast(sample, line) >= 0.97 * FLOOR, line.text


def seen_contrast(sample: Sample, line: Line) -> float:
    (left, top), (right, bottom) = corners(line.quad).min(axis=0), corners(line.quad).max(axis=0)
    box = sample.pixels[max(0, int(top) - 2) : int(bottom) + 3, max(0, int(left) - 2) : int(right) + 3]
    light = np.sort(luminances(box).ravel())
    dark, bright = light[len(light) // 200], light[-1 - len(light) // 200]
    edge = np.concatenate([luminances(box[0]), luminances(box[-1])])
    ground = float(np.median(edge))
    return max((ground + 0.05) / (dark + 0.05), (bright + 0.05) / (ground + 0.05))


@pytest.mark.parametrize(("name", "language"), CASES)
def test_the_scene_and_the_notes_say_how_it_looks(name, language):
    sample = made(name, language)
    assert 30 < len(sample.scene) <= 400
    assert sample.layout == name
    assert sample.notes["fonts"]
    assert all(licence for licence in sample.notes["fonts"].values())
    assert " a a " not in sample.scene
    assert "{" not in sample.scene


def test_the_catalogue_has_something_for_every_wish():
    for ratio in RATIOS:
        for language in LANGUAGES:
            for grade in GRADES:
                names = suiting(Wish(0, 0, *sides(1024, ratio), language, grade))
                assert len(names) >= 3, (ratio, language, grade)


@pytest.mark.parametrize("ratio", RATIOS)
def test_pages_of_every_shape_are_filled(ratio):
    width, height = sides(640, ratio)
    for name in suiting(Wish(0, 0, width, height, "mixed", "paragraph"))[::3]:
        sample = made(name, "mixed", width, height)
        assert sample.pixels.shape == (height, width, 3)
        assert sum(len(line.text) for line in sample.lines) > 30


def test_chinese_paragraphs_show_all_characters_asked_for():
    for index in range(12):
        text = source().for_sample(3, index)
        wish = Wish(3, index, language=LANGUAGES[1 + index % 2])
        sample = first(wish, text)
        drawn = "".join(line.text for line in sample.lines)
        assert [character for character in text.targets if character not in drawn] == []


def first(wish: Wish, text: TextSource) -> Sample:
    for attempt in range(TRIES):
        try:
            fresh = text.for_sample(wish.seed, wish.index)
            return pure.make(np.random.default_rng([wish.seed, wish.index, attempt]), wish, fresh)
        except Discarded:
            continue
    raise AssertionError(f"{wish} was given up {TRIES} times")


def test_a_page_too_small_for_any_text_is_given_up():
    wish = Wish(0, 0, 128, 128, "zh", "paragraph")
    for attempt in range(10):
        with pytest.raises(Discarded) as refused:
            pure.make(np.random.default_rng(attempt), wish, source().for_sample(0, 0))
        assert refused.value.cause == "text does not fit"


@pytest.mark.parametrize("wish", [Wish(0, 0, 4000, 100), Wish(0, 0, 64, 64, "en", "paragraph")])
def test_a_shape_that_nothing_is_made_for_is_given_up(wish):
    with pytest.raises(Discarded) as refused:
        pure.make(np.random.default_rng(0), wish, source())
    assert refused.value.cause == "no layout"


def test_a_small_picture_has_one_short_word_on_a_plain_ground():
    for index in range(20):
        sample = first(Wish(2, index, 64, 64, "en", "word"), source().for_sample(2, index))
        assert sample.notes["background"] == "plain"
        assert sample.notes["scheme"] == "white"
        assert sample.brief.startswith("{text} in ")
        assert sample.brief.endswith(("white", "ivory"))
        assert all(line.size >= 15 and " " not in line.text for line in sample.lines)


def test_one_character_without_a_glyph_gives_up_the_page(tmp_path):
    corpus = tmp_path / "odd.txt"
    corpus.write_text("\n\n".join(f"第{n}个人把⏣面端上来，大家都说这碗面好吃。" for n in range(30)), encoding="utf-8")
    text = TextSource([corpus])
    causes = set()
    for attempt in range(6):
        rng = np.random.default_rng(attempt)
        try:
            sample = pure.arranged(rng, Wish(0, 0, language="zh"), text, "notes")
        except Discarded as discarded:
            causes.add(discarded.cause)
        else:
            assert "⏣" not in "".join(sample.paragraphs)
    assert "missing glyph" in causes


def test_chinese_without_a_chinese_font_says_so():
    latin = tuple(face for face in find_faces() if "Hani" not in face.scripts)
    with pytest.raises(FontError, match="Chinese"):
        pure.make(np.random.default_rng(0), Wish(0, 0, language="zh"), source(), latin)


def digest() -> str:
    """Of a few samples, pixels and truth."""
    found = hashlib.sha256()
    for index in range(6):
        wish = Wish(5, index, 512, 512, LANGUAGES[index % 3], GRADES[index // 2])
        sample = first(wish, source())
        found.update(sample.pixels.tobytes())
        found.update(repr((sample.lines, sample.paragraphs, sample.scene, sample.notes)).encode())
    return found.hexdigest()


def test_another_process_makes_the_same_pixels_and_truth():
    code = "from tests.synth.test_pure import digest; print(digest())"
    there = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"}
    )
    assert there.stdout.split()[-1] == digest()
