"""What the pages of the further stages show that look at what is in a picture, or is said of it."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from demo import make_demo
from docs.filter_pages.exhibit import DEMO, Exhibit, Row, as_it_is, changed, closer, demo
from filters import faces
from filters.image import Image, Pixels

HEAD = np.s_[10:190, 120:340]
"""A part of the astronaut's picture."""


def abnormal() -> list[Row]:
    street, portrait = "places/es_city10.jpg", "people/ski_astronaut.jpg"
    return [
        [
            as_it_is(street),
            changed("a QR code", street, laid(demo(street), code("QRCode", "https://example.com/item/7"))),
            changed("a barcode", street, laid(demo(street), code("EAN13", "690000000007")[:100])),
        ],
        [
            as_it_is(portrait),
            changed("a part pixelated", portrait, pixelated(demo(portrait), faces.find(Image(data(portrait)))[0], 8)),
            as_it_is("texture/ski_brick.png", "bricks"),
        ],
    ]


def data(source: str) -> bytes:
    return (DEMO / source).read_bytes()


def code(kind: str, text: str) -> Pixels:
    """A code of 3 px a module with its quiet zone: uint8 [h, w]."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    return np.pad(np.array(zxingcpp.write_barcode_to_image(made, scale=3)), 12, constant_values=255)


def laid(pixels: Pixels, over: Pixels) -> Pixels:
    """`over`, uint8 [h, w], in the lower right of the picture."""
    made, (height, width) = pixels.copy(), over.shape
    made[-height - 20 : -20, -width - 20 : -20] = over[..., None]
    return made


def pixelated(pixels: Pixels, face: faces.Face, squares: int) -> Pixels:
    """`pixels` with so many squares across the face."""
    height, width = pixels.shape[:2]
    left, top = int(face.left * width), int(face.top * height)
    side = round(face.width * width / squares)
    size = squares * side
    small = cv2.resize(pixels[top : top + size, left : left + size], (squares, squares), interpolation=cv2.INTER_AREA)
    hidden = pixels.copy()
    hidden[top : top + size, left : left + size] = np.asarray(small).repeat(side, 0).repeat(side, 1)
    return hidden


def face() -> list[Row]:
    portrait, hills = "people/ski_astronaut.jpg", "nature/es_fog2.jpg"
    found = faces.find(Image(data(portrait)))[0]
    return [
        [
            closer(as_it_is(portrait), HEAD),
            closer(changed("the face pixelated", portrait, pixelated(demo(portrait), found, 16)), HEAD),
            changed("laid into a landscape", portrait, among(demo(hills), demo(portrait), 300)),
            changed("the same, smaller", portrait, among(demo(hills), demo(portrait), 165)),
        ],
        [
            as_it_is("people/wp25_agenda_img_4.webp", "an old photograph"),
            as_it_is("art/wp21_young_woman_in_mauve.jpg", "a painting"),
            as_it_is("people/wp25_nurse.webp", "a person from behind"),
            changed("smaller still", portrait, among(demo(hills), demo(portrait), 100)),
        ],
    ]


def among(scene: Pixels, photo: Pixels, side: int) -> Pixels:
    """The photo, `side` px wide, at the lower edge of the scene's middle part, 1024 x 768."""
    height, width = scene.shape[:2]
    cut = (width - height * 4 // 3) // 2
    made = cv2.resize(scene[:, cut : width - cut], (1024, 768))
    made[-side:, 400 : 400 + side] = cv2.resize(photo, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(made, np.uint8)


def language() -> list[Row]:
    return [
        [
            as_it_is("ui/volt_sign_in.jpg", "a screen"),
            as_it_is("slides/zh_xiaoshan_sample_000.jpg", "a slide"),
            as_it_is("document/lept_pedante_079.jpg", "a page in Italian"),
            as_it_is("nature/es_fog2.jpg", "no text"),
        ]
    ]


def category() -> list[Row]:
    return [
        [
            as_it_is("people/ski_astronaut.jpg", "a portrait"),
            as_it_is("ui/volt_sign_in.jpg", "a screen"),
            as_it_is("slides/zh_xiaoshan_sample_002.jpg", "a slide"),
            as_it_is("places/skl_china.jpg", "a building"),
        ],
        [
            as_it_is("art/wp21_self_portrait_1885.jpg", "a painted portrait"),
            as_it_is("art_photo/wp25_book_image.webp", "a poster with a bust"),
            as_it_is("people/wp24_tourist_and_building.webp", "people from behind"),
            as_it_is("people/wp25_nurse.webp", "a person from behind"),
        ],
    ]


def text_accuracy() -> list[Row]:
    first = synthesised()
    pixels = first.pixels()
    smeared = make_demo.motion(pixels, 0.02, 0)
    covered = pixels.copy()
    covered[:, pixels.shape[1] * 2 // 3 :] = np.median(pixels, axis=(0, 1))
    return [
        [
            first,
            replace(first, title="smeared", data=make_demo.jpeg(smeared)),
            replace(first, title="its right third wiped out", data=make_demo.jpeg(covered)),
        ]
    ]


def synthesised() -> Exhibit:
    """An image of `curation synth pure`, with the annotation that says what stands where."""
    from curation import cli
    from curation.shards.plan import make_plan, read_unit

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        line = "synth pure --count 1 --seed 3 --size 512 --ratio 4:3 --language en --grade paragraph --output"
        if cli.main([*line.split(), folder]):
            raise RuntimeError("curation synth made no image")
        (row,) = (row for unit in make_plan(folder).units for row in read_unit(unit))
    assert row.data is not None
    return Exhibit("as made by curation synth", "", row.data, annotation=row.annotation)


def caption() -> list[Row]:
    """Captions of the demo, and what is found in their place; each is the caption of one picture."""
    lines = (DEMO / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    captions = {line["file_name"]: line["text"] for line in map(json.loads, lines)}
    real = ("people/wp25_nurse.webp", "places/skl_china.jpg", "nature/es_fog2.jpg")
    phrase = "a wooden bridge over a river in autumn, "
    invalid = {
        "a refusal": "I'm sorry, but I cannot provide a caption for this image.",
        "a refusal in Chinese": "抱歉，我无法描述这张图片。",
        "a file name": "IMG_20230714_183012.jpg",
        "a placeholder": "untitled",
        "a tag": "a bridge <|im_end|>",
        "a phrase over and over": phrase * 8,
        "no refusal, but words of one": 'A poster that says "Sorry, we cannot provide refunds" on a shop door',
    }
    photo = data(real[0])
    return [
        [Exhibit("of the demo", name, data(name), caption=captions[name]) for name in real],
        [Exhibit(title, "", photo, caption=text) for title, text in invalid.items()],
    ]


MAKERS = {make.__name__: make for make in (abnormal, face, language, category, text_accuracy, caption)}
