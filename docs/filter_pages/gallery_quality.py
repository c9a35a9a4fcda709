"""What the pages of the further stages show that look at size, colour, noise and compression."""

from __future__ import annotations

import io

import cv2
import numpy as np
import PIL.Image

from demo import make_demo
from docs.filter_pages.exhibit import Exhibit, Row, as_it_is, changed, closer, demo
from filters.image import Image, Pixels, fit
from filters.rotation import TAG

EYE = np.s_[60:160, 100:240]
"""A part of the cat's picture."""


def file_size() -> list[Row]:
    photo = "nature/skl_flower.jpg"
    flat = np.full((256, 256, 3), 128, np.uint8)
    return [
        [
            as_it_is(photo),
            Exhibit("an icon of it, 48 px", photo, make_demo.jpeg(fit(demo(photo), 48), 75)),
            Exhibit("one colour, 256 px", "", make_demo.jpeg(flat)),
        ]
    ]


def resolution() -> list[Row]:
    photo = "nature/budgie_lake_sherburne.jpg"
    pixels = demo(photo)
    middle = pixels.shape[0] // 2
    return [
        [
            as_it_is(photo),
            changed("a fifth of its size", photo, fit(pixels, 205)),
            changed("a strip of it", photo, pixels[middle - 130 : middle + 130]),
        ]
    ]


def rotation() -> list[Row]:
    photo = "places/skl_china.jpg"
    titles = {6: "stored turned: tag 6", 3: "stored upside down: tag 3", 2: "stored mirrored: tag 2"}
    return [[as_it_is(photo), *(tagged(photo, tag, title) for tag, title in titles.items())]]


def tagged(source: str, tag: int, title: str) -> Exhibit:
    """Stored such that the tag brings it upright, and shown as it is stored."""
    turned = {
        6: PIL.Image.Transpose.ROTATE_90,
        3: PIL.Image.Transpose.ROTATE_180,
        2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    }
    stored = PIL.Image.fromarray(demo(source)).transpose(turned[tag])
    exif, buffer = PIL.Image.Exif(), io.BytesIO()
    exif[TAG] = tag
    stored.save(buffer, "JPEG", quality=90, exif=exif)
    return Exhibit(title, source, buffer.getvalue(), shown=np.asarray(stored))


def saturation() -> list[Row]:
    photo, grey = "objects/ski_coffee.jpg", "people/ski_camera.png"
    return [
        [
            as_it_is(photo),
            changed("colours turned up twofold", photo, vivid(demo(photo), 2)),
            changed("colours turned up fourfold", photo, vivid(demo(photo), 4)),
        ],
        [
            as_it_is("design/oc_beach_trip_ganson.png", "pure colours, drawn"),
            as_it_is("art_photo/wp25_grid_flower_1.jpg", "a red flower"),
            as_it_is(grey, "without colour"),
        ],
    ]


def vivid(pixels: Pixels, times: float) -> np.ndarray:
    """The difference of each pixel from its grey, multiplied."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None].astype(float)
    return np.clip(grey + (pixels - grey) * times, 0, 255)


def texture() -> list[Row]:
    photo = "nature/budgie_canyon_wren.jpg"
    pixels = demo(photo)
    chance = np.random.default_rng(0)
    noise, salt = chance.normal(0, 30, pixels.shape), chance.random(pixels.shape[:2])[..., None]
    return [
        [
            as_it_is(photo),
            changed("noise of 30 levels", photo, np.clip(pixels + noise, 0, 255)),
            changed("salt and pepper on 10 %", photo, np.where(salt < 0.05, 0, np.where(salt > 0.95, 255, pixels))),
        ],
        [
            as_it_is("art/wp21_daffodils.jpg", "brush strokes"),
            as_it_is("texture/ski_brick.png", "bricks"),
            as_it_is("texture/ski_gravel.png", "nothing but gravel"),
        ],
    ]


def compression() -> list[Row]:
    photo = "nature/ski_chelsea.png"
    pixels = demo(photo)
    spoilt = Image(make_demo.jpeg(pixels, 15)).pixels()
    return [
        [
            closer(as_it_is(photo), EYE),
            closer(Exhibit("JPEG 75", photo, make_demo.jpeg(pixels, 75)), EYE),
            closer(Exhibit("JPEG 15", photo, make_demo.jpeg(pixels, 15)), EYE),
            closer(Exhibit("JPEG 15, saved as PNG", photo, make_demo.encode(spoilt, "PNG")), EYE),
        ]
    ]


MAKERS = {make.__name__: make for make in (file_size, resolution, rotation, saturation, texture, compression)}
