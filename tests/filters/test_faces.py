"""The face detector on real images, and the geometry around it."""

import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters import faces
from filters.faces import MAX_OVERLAP, Face, anchors, distinct, find, overlap
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
NO_FACES = (
    "nature/ski_chelsea.png",
    "nature/skl_flower.jpg",
    "nature/budgie_perched_osprey.jpg",
    "objects/ski_coffee.jpg",
    "people/wp25_nurse.webp",
    "people/wp25_man_in_hat.webp",
    "places/skl_china.jpg",
    "science/sig_m57_the_ring_nebula_587px.jpg",
    "design/oc_hummer_02.png",
    "document/lept_brev_06_75.jpg",
    "slides/zh_heavenlyclouds_sample_001.jpg",
    "texture/ski_gravel.png",
    "ui/volt_sign_in.jpg",
)
ASTRONAUT = np.array([0.34, 0.15, 0.54, 0.35], np.float32)
"""Her face from forehead to chin, by eye: left, top, right, bottom."""


def open_demo(name: str) -> Image:
    return Image((DEMO / name).read_bytes())


def encoded(picture: PIL.Image.Image) -> Image:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return Image(buffer.getvalue())


def corners(face: Face) -> np.ndarray:
    return np.array([face.left, face.top, face.left + face.width, face.top + face.height], np.float32)


@pytest.fixture(scope="module")
def astronaut() -> PIL.Image.Image:
    return PIL.Image.open(DEMO / "people/ski_astronaut.jpg")


def test_a_face_is_found_where_it_is(astronaut):
    (face,) = find(encoded(astronaut))
    assert overlap(corners(face), ASTRONAUT) > 0.7
    assert face.score > 0.85
    assert face.area == pytest.approx(0.04, abs=0.01)


@pytest.mark.parametrize("name", ["people/ski_camera.png", "art/wp21_self_portrait_1885.jpg"])
def test_faces_in_profile_and_in_paintings(name):
    assert len(find(open_demo(name))) == 1


@pytest.mark.parametrize("name", NO_FACES)
def test_what_is_no_face(name):
    assert find(open_demo(name)) == ()


def test_the_box_moves_with_the_face(astronaut):
    """Mirrored, and placed into a corner of canvases of other shapes."""
    (mirrored,) = find(encoded(astronaut.transpose(PIL.Image.Transpose.FLIP_LEFT_RIGHT)))
    assert overlap(corners(mirrored), np.array([0.46, 0.15, 0.66, 0.35], np.float32)) > 0.7
    for width, height in ((900, 512), (512, 900)):
        canvas = PIL.Image.new("RGB", (width, height), "white")
        canvas.paste(astronaut, (width - 512, height - 512))
        (face,) = find(encoded(canvas))
        offset = np.array([width - 512, height - 512] * 2, np.float32)
        placed = (ASTRONAUT * 512 + offset) / np.array([width, height] * 2, np.float32)
        assert overlap(corners(face), placed) > 0.6


def test_two_faces_largest_first(astronaut):
    canvas = PIL.Image.new("RGB", (900, 512), "grey")
    canvas.paste(astronaut.resize((330, 330)), (0, 90))
    canvas.paste(astronaut, (380, 0))
    large, small = find(encoded(canvas))
    assert large.left > 0.5 > small.left
    assert large.area > 1.5 * small.area


def test_the_same_twice_and_kept_with_the_image(astronaut):
    image = encoded(astronaut)
    assert find(image) is find(image)
    assert find(image) == find(encoded(astronaut))


@given(width=st.integers(1, 300), height=st.integers(1, 300), seed=st.integers(0, 99))
def test_any_shape_fills_its_part_of_the_square(width, height, seed):
    pixels = np.random.default_rng(seed).integers(1, 256, (height, width, 3), np.uint8)
    inputs, extent = faces.network_input(pixels)
    assert inputs.shape == (1, faces.SIDE, faces.SIDE, 3)
    across, down = np.rint(extent * faces.SIDE).astype(int)
    assert max(across, down) == faces.SIDE
    inside = inputs[0, :down, :across]
    assert inside.min() > -1
    assert inside.max() <= 1
    assert (np.delete(inputs[0], np.s_[:down], 0) == -1).all()
    assert (np.delete(inputs[0], np.s_[:across], 1) == -1).all()


def test_anchors_are_the_centres_of_the_cells():
    assert anchors().shape == (896, 2)
    assert anchors()[0] == pytest.approx(1 / 32)
    assert anchors()[2] == pytest.approx([3 / 32, 1 / 32])
    assert anchors()[512] == pytest.approx(1 / 16)
    assert anchors()[-1] == pytest.approx(15 / 16)


box = st.tuples(*[st.floats(0, 0.875, width=32)] * 2, *[st.floats(0.0625, 1, width=32)] * 2).map(
    lambda b: np.array([b[0], b[1], b[0] + b[2], b[1] + b[3]], np.float32)
)


@given(box, box)
def test_overlap_is_symmetric_and_a_share(one, other):
    assert 0 <= overlap(one, other) <= 1 + 1e-6
    assert overlap(one, other) == pytest.approx(overlap(other, one))
    assert overlap(one, one) == pytest.approx(1)


@given(st.lists(st.tuples(box, st.floats(0, 1)), max_size=12))
def test_what_remains_is_distinct_and_nothing_else_is_lost(found):
    boxes = np.array([entry for entry, _ in found], np.float32).reshape(-1, 4)
    scores = np.array([score for _, score in found])
    kept = distinct(boxes, scores)
    assert all(overlap(boxes[a], boxes[b]) < MAX_OVERLAP for a in kept for b in kept if a != b)
    for lost in set(range(len(found))) - set(kept):
        assert any(scores[k] >= scores[lost] and overlap(boxes[k], boxes[lost]) >= MAX_OVERLAP for k in kept)
