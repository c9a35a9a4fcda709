"""What the pages of the default stages show: real pictures, and the same with a defect.

The defects of the demo are used again (demo/make_demo.py); all are drawn the same way each time.
"""

from __future__ import annotations

import numpy as np

from demo import make_demo
from docs.filter_pages.exhibit import Exhibit, Row, as_it_is, changed, demo
from filters.image import Pixels


def dedup() -> list[Row]:
    photo, template = "places/budgie_roman_colosseum.jpg", "slides/zh_heavenlyclouds_sample_001.jpg"
    pixels = demo(photo)
    small = Exhibit("half the size, JPEG 40", photo, make_demo.jpeg(make_demo.scale(pixels, 0.5), 40))
    return [
        [
            as_it_is(photo),
            small,
            changed("cropped by 5 %", photo, make_demo.margins_cropped(pixels, 0.025)),
            changed("mirrored", photo, pixels[:, ::-1]),
        ],
        [as_it_is(template), as_it_is("slides/zh_heavenlyclouds_sample_004.jpg", "another page of the template")],
        [as_it_is("nature/es_beach0.jpg"), as_it_is("nature/es_beach2.jpg", "another beach")],
    ]


def nsfw() -> list[Row]:
    shown = (
        ("people/wp25_woman_splashing_water.webp", "bathing"),
        ("people/ski_astronaut.jpg", "a portrait"),
        ("art/wp21_young_woman_in_mauve.jpg", "a painting"),
        ("nature/es_beach0.jpg", "a beach"),
        ("nature/ski_chelsea.png", "fur close up"),
        ("nature/budgie_extreme_desert_hike.jpg", "sand, the colour of skin"),
        ("people/wp25_agenda_img_4.webp", "an old photograph"),
        ("design/oc_feet_in_sandals_jonadab_01.png", "a drawing of legs"),
    )
    exhibits = [as_it_is(source, title) for source, title in shown]
    return [exhibits[:4], exhibits[4:]]


def entropy() -> list[Row]:
    photo, drawing = "nature/es_mountain1.jpg", "design/ski_horse.png"
    pixels = demo(photo)
    noise = np.random.default_rng(0).normal(0, 2, pixels.shape)
    faint = np.round(pixels.mean() + (pixels - pixels.mean()) * 0.004)
    empty = make_demo.nearly_empty()
    return [
        [
            as_it_is(photo),
            changed("a quarter of its contrast", photo, 128 + (pixels - 128.0) / 4),
            changed("contrast of a level or two", photo, faint),
            changed("the lens cap on: noise", photo, np.clip(noise, 0, 255)),
        ],
        [
            as_it_is(drawing, "a silhouette"),
            as_it_is("slides/zh_xiaoshan_sample_004.jpg", "a slide with one line"),
            Exhibit("a blank page with its number", "", empty["entropy_blank_page.png"]),
            Exhibit("a placeholder", "", empty["entropy_placeholder.png"]),
        ],
    ]


def blur() -> list[Row]:
    cat, building = "nature/ski_chelsea.png", "places/skl_china.jpg"
    portrait = "people/ski_astronaut.jpg"
    return [
        [
            as_it_is(cat),
            changed("Gaussian blur", cat, make_demo.gaussian(demo(cat), 0.008)),
            as_it_is(building),
            changed("out of focus", building, make_demo.defocus(demo(building), 0.012)),
        ],
        [
            as_it_is(portrait),
            changed("the camera moved", portrait, make_demo.motion(demo(portrait), 0.05, 30)),
            as_it_is("art_photo/wp25_northern_buttercups_flowers.jpg", "a shallow focus"),
            as_it_is("nature/skl_flower.jpg", "a shallow focus"),
        ],
    ]


def exposure() -> list[Row]:
    photo, beach = "places/budgie_roman_colosseum.jpg", "nature/es_beach2.jpg"
    pixels, bright = demo(photo), demo(beach)
    return [
        [
            as_it_is(photo),
            changed("five stops darker", photo, make_demo.stops(pixels, -5)),
            changed("washed out", photo, make_demo.washed_out(pixels, 120, 160)),
            as_it_is("places/ski_rocket.jpg", "night, with lamps"),
        ],
        [
            as_it_is(beach),
            changed("three stops brighter", beach, make_demo.stops(bright, 3)),
            as_it_is("art/wp22_bird_on_gray.jpg", "a bright ground"),
            as_it_is("science/sig_hubble_interacting_galaxy_ngc_5257.jpg", "a dark ground"),
        ],
    ]


def watermark() -> list[Row]:
    lake, flower, roof = "nature/es_water0.jpg", "nature/skl_flower.jpg", "places/wp24_angular_roof.jpg"
    return [
        [
            as_it_is(lake),
            changed("repeated words", lake, make_demo.tiled_text(demo(lake), "© SAMPLE")),
            changed("a stock agency's lines", lake, make_demo.stock_style(demo(lake))),
            changed("a mark in a corner", lake, make_demo.corner_logo(demo(lake))),
        ],
        [
            as_it_is(flower),
            changed("repeated words", flower, make_demo.tiled_text(demo(flower), "PREVIEW")),
            as_it_is(roof),
            changed("a stock agency's lines", roof, make_demo.stock_style(demo(roof))),
        ],
        [
            as_it_is("slides/zh_xiaoshan_sample_000.jpg", "text of its own"),
            as_it_is("ui/volt_sign_in.jpg", "text of its own"),
            as_it_is("art_photo/wp25_book_image.webp", "text of its own"),
            as_it_is("document/lept_copernicus.png", "text of its own"),
        ],
    ]


def text_density() -> list[Row]:
    return [
        [
            as_it_is("slides/zh_xiaoshan_sample_002.jpg", "a slide"),
            as_it_is("ui/volt_settings.jpg", "a screen"),
            as_it_is("document/lept_candelabrum_011.jpg", "a title page"),
            as_it_is("document/zh_pgfornament_han_manual_005.jpg", "a table of ornaments"),
        ],
        [
            as_it_is("document/lept_cat_007.jpg", "a page of a book"),
            as_it_is("document/zh_ctex_002.jpg", "a page of a manual"),
            drawn("12 px in one column", make_demo.page(columns=1, size=12)),
            drawn("9 px in three columns", make_demo.page(columns=3, size=9)),
        ],
    ]


def drawn(title: str, pixels: Pixels) -> Exhibit:
    return Exhibit(title, "", make_demo.encode(pixels, "PNG"))


MAKERS = {make.__name__: make for make in (dedup, nsfw, entropy, blur, exposure, watermark, text_density)}
