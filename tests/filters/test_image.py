"""Every decoded pixel is one that was sent, and every refusal says why."""

import faulthandler
import hashlib
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.blur import sharpness
from filters.complete import check_complete, end_of_jpeg
from filters.image import MAX_PIXELS, Image, NotAnImage, TooLarge, Truncated, Unreadable, Unsupported, fit
from tests import hostile

DEMO = Path(__file__).parents[2] / "demo/images"
PICTURES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
ENCODINGS = hostile.encodings()
PIXELS = {name: hostile.reference(data) for name, data in ENCODINGS.items()}
SECONDS_EACH = 5

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")  # pytest undoes our filter


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    faulthandler.dump_traceback_later(120, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def outcome(data: bytes) -> np.ndarray | Unreadable:
    try:
        image = Image(data)
        pixels = image.pixels()
    except Unreadable as error:
        return error
    assert (image.height, image.width, 3) == pixels.shape
    assert pixels.dtype == np.uint8
    return pixels


def complaint(file: hostile.Hostile) -> str | None:
    """What is wrong with what became of a hostile file."""
    start = time.perf_counter()
    result = outcome(file.data)
    if time.perf_counter() - start > SECONDS_EACH:
        return f"took more than {SECONDS_EACH} s"
    if isinstance(result, Unreadable):
        if not str(result) or " at 0x" in str(result):
            return f"a reason that says nothing, or another thing in every run: {result}"
        wrong = type(result).__name__ not in file.errors
        return f"{type(result).__name__}: {result}, allowed: {file.errors}" if wrong else None
    if file.pixels is None:
        return "decoded, and must be refused"
    return None if np.array_equal(result, file.pixels) else "decoded to pixels that were never sent"


def test_hostile_files_decode_exactly_or_are_refused_for_a_right_reason(tmp_path: Path) -> None:
    files = hostile.write(tmp_path)
    complaints = {file.path.decode("utf-8", "replace"): complaint(file) for file in files}
    assert {path: found for path, found in complaints.items() if found} == {}
    assert sum(len(names) for _, _, names in os.walk(os.fsencode(tmp_path))) == len(files) > 900


@pytest.mark.parametrize("name", sorted(set(ENCODINGS) - set(hostile.STORED)))
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_length_of_tail_can_be_lost_unnoticed(name: str, data: st.DataObject) -> None:
    whole = ENCODINGS[name]
    end = data.draw(st.integers(0, len(whole) - 1))
    result = outcome(whole[:end])
    assert isinstance(result, Unreadable) or np.array_equal(result, PIXELS[name])
    slack = 32 if name.endswith("avif") else 128 if name.endswith("webp") else 0  # as filters.complete says
    zeros = whole[: end - slack] + bytes(len(whole) - end + slack) if end > slack else bytes(len(whole))
    result = outcome(zeros)
    assert isinstance(result, Unreadable) or np.array_equal(result, PIXELS[name])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(ENCODINGS)), st.data())
def test_damage_in_the_middle_never_raises_anything_else(name: str, data: st.DataObject) -> None:
    damaged = bytearray(ENCODINGS[name])
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    outcome(bytes(damaged))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([data[:16] for data in ENCODINGS.values()]), st.binary(max_size=400))
def test_noise_after_any_magic_never_raises_anything_else(magic: bytes, noise: bytes) -> None:
    outcome(magic + noise)


def test_bombs_cost_no_memory() -> None:
    code = """
import resource
from filters.image import Image, TooLarge
from tests import hostile
bombs = list(hostile.bombs())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for bomb in bombs:
    try:
        Image(bomb.data).pixels()
    except TooLarge:
        continue
    raise AssertionError(bomb.path)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    root = Path(__file__).parents[2]
    child = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert int(child.stdout) < 20, "MiB"
    assert child.stderr == ""


def test_the_largest_size_allowed_is_that_of_the_constant() -> None:
    empty = b"x\x9c\x03\0\0\0\0\x01"
    assert Image(hostile.png(2**14, 2**13, empty)).width == 2**14
    assert MAX_PIXELS == 2**14 * 2**13
    with pytest.raises(TooLarge):
        Image(hostile.png(2**14, 2**13 + 1, empty))


def test_jpegs_decode_as_in_pillow_on_all_demo_images() -> None:
    jpegs = [path for path in PICTURES if path.suffix == ".jpg"]
    assert len(jpegs) > 60
    for path in jpegs:
        assert np.array_equal(Image(path.read_bytes()).pixels(), hostile.reference(path.read_bytes())), path.name


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["L", "RGB", "CMYK"]),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([{}, {"progressive": True}, {"keep_rgb": True}, {"restart_marker_blocks": 1}]),
    st.integers(1, 100),
)
def test_small_jpegs_of_any_size_decode_as_in_pillow(
    width: int, height: int, mode: str, subsampling: int, options: dict[str, int], quality: int
) -> None:
    picture = hostile.photo().resize((width, height)).convert(mode)
    subsampling = 0 if "keep_rgb" in options else subsampling  # only luma and chroma are subsampled
    data = hostile.save(picture, "JPEG", subsampling=subsampling, quality=quality, **options)
    assert np.array_equal(Image(data).pixels(), hostile.reference(data))


def test_a_jpeg_cut_short_and_closed_again_is_refused() -> None:
    data = (DEMO / "nature/es_lava0.jpg").read_bytes()
    with pytest.raises(Unreadable, match="fills the rest with grey"):
        Image(data[: len(data) // 2] + b"\xff\xd9").pixels()


def test_a_jpeg_that_ends_in_grey_is_kept() -> None:
    pixels = hostile.PHOTO.read_bytes() and np.array(hostile.photo())
    pixels[60:] = 128
    data = hostile.save(PIL.Image.fromarray(pixels), "JPEG")
    assert (Image(data).pixels()[-8:, -8:] == 128).all()


def test_a_foreign_marker_within_the_pixels_is_damage() -> None:
    data = bytearray(ENCODINGS["baseline.jpg"])
    data[-500:-498] = b"\xff\xc0"
    with pytest.raises(Unreadable, match="marker ff c0"):
        Image(bytes(data)).pixels()


def test_the_end_of_a_jpeg_is_not_that_of_its_thumbnail() -> None:
    data = ENCODINGS["thumbnail.jpg"]
    assert data.count(b"\xff\xd9") == 2
    assert end_of_jpeg(data) == len(data) - 2
    first = data.index(b"\xff\xd9")
    with pytest.raises(Truncated):
        check_complete(data[: first + 2])


@pytest.mark.parametrize("quality", [1, 50, 80, 100])
@pytest.mark.parametrize("method", [0, 4])
@pytest.mark.parametrize("flat_from", [0, 100])
def test_a_webp_that_needs_its_zeros_is_kept(quality: int, method: int, flat_from: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    pixels[flat_from:] = 0
    data = hostile.save(PIL.Image.fromarray(pixels), "WEBP", quality=quality, method=method)
    assert np.array_equal(Image(data).pixels(), hostile.reference(data))
    if flat_from:
        kept = len(data) * 3 // 10
        with pytest.raises(Unreadable):
            Image(data[:kept] + bytes(len(data) - kept)).pixels()


def test_sixteen_bits_keep_their_upper_eight() -> None:
    samples = np.array([[0, 255, 256, 32767, 65279, 65280, 65535]], np.uint16)
    for format in ("PNG", "TIFF", "PPM"):
        data = hostile.save(PIL.Image.fromarray(samples), format)
        assert Image(data).pixels()[0, :, 0].tolist() == [0, 0, 1, 127, 254, 255, 255], format


def test_transparency_is_laid_over_white() -> None:
    rgba = np.array([[[200, 0, 0, 0], [200, 0, 0, 255], [200, 0, 0, 51]]], np.uint8)
    for format, options in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})):
        data = hostile.save(PIL.Image.fromarray(rgba), format, **options)
        assert Image(data).pixels().tolist() == [[[255, 255, 255], [200, 0, 0], [244, 204, 204]]], format


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF"])
def test_of_an_animation_the_first_frame_is_seen(format: str) -> None:
    frames = [PIL.Image.new("RGB", (9, 9), colour) for colour in ("red", "lime", "blue")]
    options = {"lossless": True} if format == "WEBP" else {}
    data = hostile.save(frames[0], format, save_all=True, append_images=frames[1:], **options)
    assert (Image(data).pixels() == (255, 0, 0)).all()


def test_xmp_orientation_counts_where_there_is_no_exif() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    data = hostile.save(hostile.photo(), "JPEG", xmp=xmp)
    image = Image(data)
    assert (image.width, image.height) == (hostile.HEIGHT, hostile.WIDTH)
    assert np.array_equal(image.pixels(), hostile.reference(data))


def test_causes_are_told_apart() -> None:
    with pytest.raises(NotAnImage, match="HTML"):
        Image(b"\n <HTML><body>Forbidden</body></html>")
    with pytest.raises(Unsupported, match="32 bits"):
        Image(hostile.save(PIL.Image.new("F", (4, 4)), "TIFF")).pixels()
    with pytest.raises(Unsupported, match="heic"):
        Image(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50))


def test_header_facts() -> None:
    data = ENCODINGS["two_pictures.mpo.jpg"]
    image = Image(data)
    assert (image.format, image.mode, image.width, image.height) == ("JPEG", "RGB", hostile.WIDTH, hostile.HEIGHT)
    assert image.sha256 == hashlib.sha256(data).hexdigest()
    assert image.data is data


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 300))
@settings(deadline=None)
def test_fit_keeps_the_shape_and_never_enlarges(width: int, height: int, side: int) -> None:
    fitted = fit(np.zeros((height, width, 3), np.uint8), side)
    assert max(fitted.shape[:2]) == min(side, max(width, height))
    assert abs(fitted.shape[0] * max(width, height) - height * max(fitted.shape[:2])) <= max(width, height)


def test_views_are_made_once_from_the_working_copy_and_outlive_the_pixels() -> None:
    data = (DEMO / "nature/budgie_perched_osprey.jpg").read_bytes()
    large = hostile.save(PIL.Image.open(io.BytesIO(data)).resize((2000, 1500)), "JPEG")
    image = Image(large)
    image.shrink()
    assert image._pixels is None
    assert image.rgb().shape == (768, 1024, 3)
    averaged = cv2.resize(image.rgb(), (256, 192), interpolation=cv2.INTER_AREA)
    assert np.abs(image.rgb(256).astype(int) - averaged).mean() < 2
    assert image.grey(256) is image.grey(256)
    assert image.view("sum", 256, lambda image: int(image.grey(256).sum())) == image.view("sum", 256, lambda _: 0)
    assert np.array_equal(image.pixels(), hostile.reference(large)), "decoded again when asked for again"


def test_a_number_does_not_hang_on_where_in_memory_the_image_lies() -> None:
    """Intel's IPP inside OpenCV did so, in every thread, which made runs differ in the eighth digit."""
    grey = Image((DEMO / "people/ski_astronaut.jpg").read_bytes()).grey(512)
    found = set()
    ballast: list[bytearray] = []

    def measure() -> None:
        for number in range(100):
            ballast.append(bytearray(number * 7919 % 200_000 + 1))
            found.add(sharpness(grey.copy()))

    threads = [threading.Thread(target=measure) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
