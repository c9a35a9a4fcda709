"""Build the demo's input folder: the real images beside this file, and defective ones derived from them.

    python demo/make_demo.py OUT

OUT gets the folders of `demo/images` with their `metadata.jsonl` (the Hugging Face imagefolder form), and
`OUT/defects/`: duplicates, blurred, badly exposed, empty, watermarked, crowded with text, and broken files,
each named for the stage that should drop it and for what was done to which image. No randomness without a
seed: the same pixels every time.

Duplicates show the whole of their source. All other defects start from a mirrored crop of theirs: dedup comes
first, and would rightly take a blurred copy for a copy.
"""

from __future__ import annotations

import io
import shutil
import struct
import sys
import textwrap
import zlib
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
from numpy.typing import NDArray
from PIL import ImageDraw, ImageFont

IMAGES = Path(__file__).parent / "images"
Pixels = NDArray[np.uint8]


def main(out: Path) -> None:
    shutil.copytree(IMAGES, out, dirs_exist_ok=True)
    defects = out / "defects"
    defects.mkdir(exist_ok=True)
    makers = (duplicates, blurred, badly_exposed, nearly_empty, watermarked, crowded_with_text, broken)
    files = {name: data for make in makers for name, data in make().items()}
    for name, data in files.items():
        (defects / name).write_bytes(data)
    print(f"{sum(path.is_file() for path in out.rglob('*')) - 1} images in {out}, {len(files)} of them defective")


def duplicates() -> dict[str, bytes]:
    """Five ways in which the same picture is collected twice."""
    colosseum, flower = "places/budgie_roman_colosseum.jpg", "nature/skl_flower.jpg"
    mountain = "nature/es_mountain1.jpg"
    return {
        "dedup_reencoded_q40_colosseum.jpg": jpeg(load(colosseum), 40),
        "dedup_reencoded_q40_flower.jpg": jpeg(load(flower), 40),
        "dedup_reencoded_webp_mountain.webp": encode(load(mountain), "WEBP", quality=70),
        "dedup_half_size_colosseum.jpg": jpeg(scale(load(colosseum), 0.5)),
        "dedup_half_size_desert.jpg": jpeg(scale(load("nature/budgie_extreme_desert_hike.jpg"), 0.5)),
        "dedup_margins_cropped_mountain.jpg": jpeg(margins_cropped(load(mountain), 0.015)),
        "dedup_same_bytes_rocket.jpg": (IMAGES / "places/ski_rocket.jpg").read_bytes(),
        "dedup_same_pixels_as_png_flower.png": encode(load(flower), "PNG"),
    }


def blurred() -> dict[str, bytes]:
    return {
        "blur_gaussian_cat.jpg": jpeg(gaussian(mirrored_crop("nature/ski_chelsea.png"), 0.012)),
        "blur_gaussian_city.jpg": jpeg(gaussian(mirrored_crop("places/es_city10.jpg"), 0.012)),
        "blur_motion_level_portrait.jpg": jpeg(motion(mirrored_crop("people/ski_astronaut.jpg"), 0.08, 0)),
        "blur_motion_slanted_osprey.jpg": jpeg(motion(mirrored_crop("nature/budgie_perched_osprey.jpg"), 0.08, 30)),
        "blur_defocus_coffee.jpg": jpeg(defocus(mirrored_crop("objects/ski_coffee.jpg"), 0.02)),
        "blur_defocus_pavilion.jpg": jpeg(defocus(mirrored_crop("places/skl_china.jpg"), 0.02)),
    }


def badly_exposed() -> dict[str, bytes]:
    return {
        "exposure_under_five_stops_tourist.jpg": jpeg(
            stops(mirrored_crop("people/wp24_tourist_and_building.webp"), -5)
        ),
        "exposure_under_four_stops_colosseum.jpg": jpeg(stops(mirrored_crop("places/budgie_roman_colosseum.jpg"), -4)),
        "exposure_over_three_stops_beach.jpg": jpeg(stops(mirrored_crop("nature/es_beach2.jpg"), 3)),
        "exposure_over_two_stops_wren.jpg": jpeg(stops(mirrored_crop("nature/budgie_canyon_wren.jpg"), 2)),
        "exposure_washed_out_tetons.jpg": jpeg(washed_out(mirrored_crop("camera/lept_tetons.jpg"), 178, 215)),
        "exposure_washed_out_forest.jpg": jpeg(washed_out(mirrored_crop("nature/es_forest1.jpg"), 170, 225)),
    }


def nearly_empty() -> dict[str, bytes]:
    """Pictures that carry next to no information: a lens cap, a blank scan, a placeholder, a blank page."""
    noise = np.random.default_rng(1)
    shape = (480, 640, 3)
    lens_cap = noise.integers(2, 5, shape, np.uint8)
    blank_scan = noise.integers(243, 246, shape, np.uint8)
    placeholder = np.full(shape, 208, np.uint8)
    cv2.rectangle(placeholder, (270, 200), (370, 280), (150, 150, 150), 3)
    cv2.line(placeholder, (270, 280), (370, 200), (150, 150, 150), 3)
    blank_page = np.full((800, 600, 3), 252, np.uint8)
    cv2.putText(blank_page, "- 7 -", (275, 770), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (60, 60, 60), 1, cv2.LINE_AA)
    return {
        "entropy_lens_cap.jpg": jpeg(lens_cap),
        "entropy_blank_scan.jpg": jpeg(blank_scan),
        "entropy_placeholder.png": encode(placeholder, "PNG"),
        "entropy_blank_page.png": encode(blank_page, "PNG"),
    }


def watermarked() -> dict[str, bytes]:
    return {
        "watermark_tiled_lake.jpg": jpeg(tiled_text(mirrored_crop("nature/es_water0.jpg"), "© SAMPLE")),
        "watermark_tiled_garden.jpg": jpeg(tiled_text(mirrored_crop("camera/lept_wyom.jpg"), "PREVIEW")),
        "watermark_corner_logo_sunset.jpg": jpeg(corner_logo(mirrored_crop("places/budgie_beacon_street_sunset.jpg"))),
        "watermark_corner_logo_snow.jpg": jpeg(corner_logo(mirrored_crop("nature/es_snow0.jpg"))),
        "watermark_stock_style_roof.jpg": jpeg(stock_style(mirrored_crop("places/wp24_angular_roof.jpg"))),
        "watermark_stock_style_skyline.jpg": jpeg(
            stock_style(mirrored_crop("places/budgie_singaporean_cityscape.jpg"))
        ),
    }


def crowded_with_text() -> dict[str, bytes]:
    """Pages of print too dense and too small for a text-to-image model to learn a letter from."""
    return {
        "text_density_two_columns_10px.png": encode(page(columns=2, size=10), "PNG"),
        "text_density_three_columns_9px.png": encode(page(columns=3, size=9), "PNG"),
        "text_density_one_column_12px.jpg": jpeg(page(columns=1, size=12)),
    }


def broken() -> dict[str, bytes]:
    photo = (IMAGES / "nature/es_lava0.jpg").read_bytes()
    picture = (IMAGES / "design/ski_horse.png").read_bytes()
    return {
        "decode_truncated.jpg": photo[: len(photo) // 2],
        "decode_truncated.png": picture[: len(picture) * 2 // 3],
        "decode_tail_of_zeros.jpg": photo[: len(photo) // 2] + bytes(len(photo) - len(photo) // 2),
        "decode_html_page.jpg": b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n",
        "decode_empty.jpg": b"",
        "decode_bomb_50000x50000.png": png_bomb(50_000),
    }


def load(name: str) -> Pixels:
    return np.array(PIL.Image.open(IMAGES / name).convert("RGB"))


def mirrored_crop(name: str) -> Pixels:
    """The left 70 % and upper 85 % of an image, mirrored: the same kind of picture, but no copy of it."""
    pixels = load(name)
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(pixels[: height * 85 // 100, : width * 70 // 100][:, ::-1])


def encode(pixels: Pixels, format: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, format, **options)
    return buffer.getvalue()


def jpeg(pixels: Pixels, quality: int = 90) -> bytes:
    return encode(pixels, "JPEG", quality=quality)


def scale(pixels: Pixels, factor: float) -> Pixels:
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def margins_cropped(pixels: Pixels, share: float) -> Pixels:
    dy, dx = (round(side * share) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[dy:-dy, dx:-dx])


def gaussian(pixels: Pixels, sigma: float) -> Pixels:
    """`sigma`, like all lengths below, is a share of the longer side."""
    return cv2.GaussianBlur(pixels, (0, 0), sigma * max(pixels.shape))


def motion(pixels: Pixels, length: float, degrees: float) -> Pixels:
    """The camera moved in a straight line while the shutter was open."""
    side = int(length * max(pixels.shape)) | 1
    kernel = np.zeros((side, side), np.float32)
    kernel[side // 2] = 1
    turn = cv2.getRotationMatrix2D((side // 2, side // 2), degrees, 1)
    kernel = cv2.warpAffine(kernel, turn, (side, side))
    return cv2.filter2D(pixels, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)


def defocus(pixels: Pixels, radius: float) -> Pixels:
    """The lens spreads every point over a disc."""
    radius = round(radius * max(pixels.shape))
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = (x * x + y * y <= radius * radius).astype(np.float32)
    return cv2.filter2D(pixels, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT)


def stops(pixels: Pixels, change: float) -> Pixels:
    """Exposed `change` stops more: a stop doubles the light, and sRGB is about light to the power 1/2.2."""
    light = (pixels / 255) ** 2.2 * 2**change
    return (np.clip(light, 0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8)


def washed_out(pixels: Pixels, black: int, white: int) -> Pixels:
    return (black + pixels / 255 * (white - black)).round().astype(np.uint8)


def tiled_text(pixels: Pixels, text: str) -> Pixels:
    height, width = pixels.shape[:2]
    font = ImageFont.load_default(max(18, width // 18))
    diagonal = int(np.hypot(height, width))
    layer = PIL.Image.new("L", (diagonal, diagonal))
    draw = ImageDraw.Draw(layer)
    step = round(draw.textlength(text, font) * 1.4), round(font.size * 3)
    for row, y in enumerate(range(0, diagonal, step[1])):
        for x in range(-(row % 2) * step[0] // 2, diagonal, step[0]):
            draw.text((x, y), text, 120, font)
    layer = layer.rotate(30, PIL.Image.Resampling.BICUBIC)
    left, top = (diagonal - width) // 2, (diagonal - height) // 2
    return lay_white(pixels, layer.crop((left, top, left + width, top + height)))


def corner_logo(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    layer = PIL.Image.new("L", (width, height))
    draw = ImageDraw.Draw(layer)
    radius = height // 16
    x, y = width - radius * 7, height - radius * 2
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=230, width=max(2, radius // 6))
    draw.polygon([(x - radius // 2, y + radius // 2), (x, y - radius // 2), (x + radius // 2, y + radius // 2)], 230)
    draw.text((x + radius * 1.4, y), "fotobay", 230, ImageFont.load_default(radius * 1.3), anchor="lm")
    return lay_white(pixels, layer)


def stock_style(pixels: Pixels) -> Pixels:
    """Crossing lines, a large name in the middle, a band with a number below."""
    height, width = pixels.shape[:2]
    layer = PIL.Image.new("L", (width, height))
    draw = ImageDraw.Draw(layer)
    draw.line((0, 0, width, height), 90, 2)
    draw.line((0, height, width, 0), 90, 2)
    middle = width / 2, height / 2
    draw.text(middle, "stockphoto", 150, ImageFont.load_default(width / 8), anchor="mm", stroke_width=1)
    draw.rectangle((0, height - height // 14, width, height), 60)
    small = ImageFont.load_default(max(12, height // 24))
    draw.text((width / 2, height - height / 28), "stockphoto · image 48151623", 220, small, anchor="mm")
    return lay_white(pixels, layer)


def lay_white(pixels: Pixels, layer: PIL.Image.Image) -> Pixels:
    """White laid over the picture where `layer` is bright: 0 leaves a pixel as it is, 255 makes it white."""
    opacity = np.asarray(layer)[..., None] / 255
    return (pixels * (1 - opacity) + 255 * opacity).round().astype(np.uint8)


def page(columns: int, size: int, width: int = 800, height: int = 1100, margin: int = 40) -> Pixels:
    """A printed page: `columns` of text `size` px high, set in the font that Pillow brings."""
    sheet = PIL.Image.new("L", (width, height), 252)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size)
    column = (width - margin * (columns + 1)) // columns
    letters = int(column / draw.textlength(PROSE, font) * len(PROSE))
    lines = textwrap.wrap(" ".join([PROSE] * 12), letters)
    leading = round(size * 1.25)
    rows = (height - 2 * margin) // leading
    for index in range(columns):
        for row, line in enumerate(lines[index * rows : (index + 1) * rows]):
            draw.text((margin + index * (column + margin), margin + row * leading), line, 25, font)
    return np.array(sheet.convert("RGB"))


def png_bomb(side: int) -> bytes:
    """A valid header for side × side pixels, 7.5 GB of them at 50,000, before a few bytes of data."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(4096))) + chunk(b"IEND", b"")


# Charles Darwin, On the Origin of Species (1859), last paragraph; public domain.
PROSE = (
    "It is interesting to contemplate an entangled bank, clothed with many plants of many kinds, with birds singing "
    "on the bushes, with various insects flitting about, and with worms crawling through the damp earth, and to "
    "reflect that these elaborately constructed forms, so different from each other, and dependent on each other in "
    "so complex a manner, have all been produced by laws acting around us. These laws, taken in the largest sense, "
    "being Growth with Reproduction; Inheritance which is almost implied by reproduction; Variability from the "
    "indirect and direct action of the external conditions of life, and from use and disuse; a Ratio of Increase so "
    "high as to lead to a Struggle for Life, and as a consequence to Natural Selection, entailing Divergence of "
    "Character and the Extinction of less-improved forms. Thus, from the war of nature, from famine and death, the "
    "most exalted object which we are capable of conceiving, namely, the production of the higher animals, directly "
    "follows. There is grandeur in this view of life, with its several powers, having been originally breathed into "
    "a few forms or into one; and that, whilst this planet has gone cycling on according to the fixed law of gravity, "
    "from so simple a beginning endless forms most beautiful and most wonderful have been, and are being, evolved."
)

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_demo.py OUT")
    main(Path(sys.argv[1]))
