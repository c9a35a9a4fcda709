"""Samples of the tier: every carrier in every setting, exact places, the same bytes, refusals."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest

from synth.compositional import fields, legible, tier, writing
from synth.compositional.carriers import CARRIERS, Ask, Blank
from synth.compositional.warp import Warp
from synth.contrast import luminance, ratio
from synth.font_packages import find_faces
from synth.maker import build
from synth.sample import Discarded, Sample, Wish
from synth.wishes import Mix
from tests.synth.compositional import kit

PLACES = [(name, setting) for name, carrier in CARRIERS.items() for setting in carrier.settings]
GRADES = ("word", "line", "paragraph")


def quads(sample: Sample) -> np.ndarray:
    """All quads of a sample, [n, 4, 2]."""
    flat = [line.quad for line in sample.lines] + [char.quad for line in sample.lines for char in line.chars]
    return np.array(flat).reshape(-1, 4, 2)


@pytest.mark.parametrize(("name", "setting"), PLACES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_carrier_works_everywhere(name: str, setting: str, language: str) -> None:
    sample = kit.made(name, setting, language, GRADES[len(name) % 3], seed=len(setting))
    assert sample.pixels.shape == (640, 640, 3)
    assert sample.pixels.dtype == np.uint8
    assert "".join("".join(p.split()) for p in sample.paragraphs) == "".join(
        "".join(x.text.split()) for x in sample.lines
    )
    assert all("".join(char.text for char in line.chars) == line.text for line in sample.lines)
    assert (quads(sample) >= 0).all()
    assert (quads(sample) <= 640).all()
    assert min(line.size for line in sample.lines) >= writing.LEAST_EM[language] - 0.5
    assert sample.notes["contrast"] >= legible.LEAST
    assert sample.layout == f"{name}/{setting}"
    json.dumps(dict(sample.notes))


def test_words_about_a_sample_fit_an_annotation() -> None:
    for name, setting in PLACES[::3]:
        sample = kit.made(name, setting, "en", "line")
        assert all(0 < len(noun) <= 40 and all(len(word) <= 30 for word in words) for noun, words in sample.objects)
        assert all(0 < len(part) <= 40 for relation in sample.relations for part in relation)
        assert {part for relation in sample.relations for part in (relation[0], relation[2])} <= {
            "text", *(noun for noun, _ in sample.objects)
        }  # fmt: skip
        assert sample.domain.startswith("Nature/")
        assert sample.objects[0][0] in sample.scene


@pytest.mark.parametrize(
    ("name", "setting", "language"),
    [("sheet", "table", "zh"), ("banner", "wall", "en"), ("monitor", "stand", "zh"), ("wooden", "air", "en")],
)
def test_letters_are_where_the_quads_say(
    monkeypatch: pytest.MonkeyPatch, name: str, setting: str, language: str
) -> None:
    """Made again without ink, the picture differs within the lines' quads alone, and about every letter's middle."""
    with_ink = kit.made(name, setting, language, "line", seed=5)
    write_on = tier.written_on
    monkeypatch.setattr(tier, "written_on", lambda rng, way, on, cover, *rest: write_on(rng, way, on, cover * 0, *rest))
    monkeypatch.setattr(legible, "LEAST", 0.0)
    without = kit.made(name, setting, language, "line", seed=5)
    assert without.paragraphs == with_ink.paragraphs
    changed = np.abs(with_ink.pixels.astype(int) - without.pixels).max(2) > 24
    inside = np.zeros((640, 640), np.uint8)
    for line in with_ink.lines:
        cv2.fillPoly(inside, [np.round(np.array(line.quad).reshape(4, 2)).astype(np.int32)], 255)
    assert not (changed & (cv2.dilate(inside, np.ones((7, 7), np.uint8)) == 0)).any()
    for char in (char for line in with_ink.lines for char in line.chars if char.text.isalnum()):
        corners = np.array(char.quad).reshape(4, 2)
        cell = np.zeros((640, 640), np.uint8)
        cv2.fillPoly(cell, [np.round(corners).astype(np.int32)], 255)
        assert (changed & (cell > 0)).sum() > 0.02 * (cell > 0).sum(), char


def sample_digest(seed: int, index: int) -> str:
    wish = Wish(seed, index, 512, 512, ("en", "zh", "mixed")[index % 3], GRADES[index % 3])
    for attempt in range(8):
        try:
            made = kit.tier()(np.random.default_rng([seed, index, attempt]), wish, kit.source().for_sample(seed, index))
        except Discarded:
            continue
        told = repr((made.paragraphs, made.lines, made.scene, made.objects, made.notes)).encode()
        return hashlib.sha256(made.pixels.tobytes() + told).hexdigest()
    raise AssertionError("no sample")


def test_the_same_bytes_whatever_was_made_before() -> None:
    first = [sample_digest(3, index) for index in range(4)]
    fields.field.cache_clear()
    assert [sample_digest(3, index) for index in (3, 1, 2, 0)] == [first[index] for index in (3, 1, 2, 0)]
    assert len(set(first)) == 4


def test_the_same_bytes_in_another_process() -> None:
    code = "from tests.synth.compositional.test_tier import sample_digest; print(sample_digest(3, 1))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == sample_digest(3, 1)


def test_with_and_without_photos() -> None:
    behind = {kit.made("street", "air", "en", "word", seed).notes["photo"] for seed in range(8)}
    assert behind == {True, False}
    made = [kit.made("street", "air", "en", "word", seed, real=False) for seed in range(3)]
    assert not any(sample.notes["photo"] for sample in made)
    assert {sample.image_type for sample in made} == {"render"}


def blank_of(name: str) -> Blank:
    """A carrier of 400 × 300 raster pixels, without text."""
    return CARRIERS[name].draw(np.random.default_rng(0), Ask(400, 300, 28, (0.6, 0.8), "table", "line"))


@pytest.mark.parametrize("text", ["word " * 400, "Donaudampfschifffahrtsgesellschaftskapitän" * 3, "汉" * 900])
def test_text_that_cannot_fit_is_discarded(text: str) -> None:
    wish = Wish(0, 0, language="mixed", grade="line")
    said = writing.Words("", (text.strip(),))
    with pytest.raises(Discarded, match="text does not fit"):
        writing.write(np.random.default_rng(0), wish, said, blank_of("sheet"), find_faces(), 20.0)


def test_a_character_outside_the_field_is_discarded() -> None:
    blank = blank_of("sheet")
    said = writing.Words("", ("Hello there",))
    written = writing.write(np.random.default_rng(0), Wish(0, 0, grade="line"), said, blank, find_faces(), 16.0)
    writing.inside(written.layouts, blank.field)
    pushed = [(role, layout.moved(blank.field[2] - layout.bounds[2] + 2, 0)) for role, layout in written.layouts]
    with pytest.raises(Discarded, match="text does not fit"):
        writing.inside(pushed, blank.field)


def test_a_missing_glyph_discards_the_text() -> None:
    said = writing.Words("", ("abc \U000e0fff def",))
    with pytest.raises(Discarded, match="missing glyph"):
        writing.write(np.random.default_rng(0), Wish(0, 0), said, blank_of("sheet"), find_faces(), 16.0)


@pytest.mark.parametrize("size", [256, 512])
def test_small_pictures_hold_fewer_words(size: int) -> None:
    """None of a run's samples is given up, whatever its shape, language and grade."""
    maker = build("compositional", lambda kinds: Mix(9, kinds, size=size))
    for index in range(18):
        sample = maker.make(index, lambda made: None).sample
        wish = maker.mix.wish(index)
        assert sample.pixels.shape == (wish.height, wish.width, 3)
        assert min(line.size for line in sample.lines) >= writing.LEAST_EM[wish.language] - 0.5


@pytest.mark.parametrize(("colour", "ground"), [((120, 60, 40), 0.5), ((200, 190, 150), 0.09), ((30, 30, 30), 0.9)])
def test_an_ink_is_deepened_no_more_than_it_needs(colour: tuple[int, int, int], ground: float) -> None:
    found = writing.deepened(colour, ground)
    assert ratio(luminance(found), ground) >= writing.CLEAR
    if ratio(luminance(colour), ground) >= writing.CLEAR:
        assert found == colour
    else:
        assert ratio(luminance(found), ground) < 1.25 * writing.CLEAR


def test_bold_chinese_is_for_few_words() -> None:
    faces = find_faces()
    for grade, way, text in (("paragraph", "paint", "山水"), ("word", "paint", "山蒯"), ("word", "paint", "鳁水")):
        chinese = {face.weight for face in writing.suited(faces, grade, way, text) if "Hani" in face.scripts}
        assert max(chinese) < 600
    assert writing.suited(faces, "word", "paint", "山水 Inn") == faces
    bold = [replace(face, weight=700) for face in faces if "Hani" in face.scripts]
    assert writing.suited(bold, "paragraph", "printed", "山水") == bold


def test_an_ink_that_cannot_be_clear_is_as_clear_as_can_be() -> None:
    assert writing.deepened((90, 90, 90), 0.15) == (0, 0, 0)
    assert writing.deepened((150, 150, 150), 0.25) == (255, 255, 255)


def test_too_little_contrast_is_discarded() -> None:
    cover = np.zeros((60, 200), np.uint8)
    cover[20:40, 20:180:8] = 255
    quad = (10.0, 10.0, 190.0, 10.0, 190.0, 50.0, 10.0, 50.0)
    for ink, readable in ((30, True), (150, False)):
        picture = np.full((60, 200, 3), 200, np.uint8)
        picture[cover > 0] = ink
        if readable:
            assert legible.check(picture, cover, [("text", quad)]) > 8
        else:
            with pytest.raises(Discarded, match="contrast too low"):
                legible.check(picture, cover, [("text", quad)])
    with pytest.raises(Discarded, match="outside the picture"):
        legible.check(picture, cover, [("text", (-1.0, *quad[1:]))])


def test_a_quad_beyond_the_frame_discards_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second check stands by itself: a carrier pushed out of the frame after it was placed is refused."""
    shaped = tier.shaped

    def pushed(rng, stage, carrier, blank):
        stage = shaped(rng, stage, carrier, blank)
        shift = np.array([[1, 0, 500], [0, 1, 0], [0, 0, 1.0]])
        return replace(stage, front=Warp(shift @ stage.front.matrix, stage.front.bend))

    monkeypatch.setattr(tier, "shaped", pushed)
    carrier, wish = CARRIERS["street"], Wish(0, 0, 640, 640, "en", "line")
    with pytest.raises(Discarded, match="outside the picture"):
        kit.tier().on(np.random.default_rng(0), wish, kit.source().for_sample(0, 0), carrier, "wall")
