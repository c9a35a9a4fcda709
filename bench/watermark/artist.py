"""Draws visible watermarks, and the lettering that belongs to a picture, for the watermark detector's samples.

Everything is drawn on pictures whose longer side is at most 640 px. What tells a watermark from legitimate
lettering is how it is laid over the picture: translucent, flat, indifferent to the scene, often repeated or in a
corner. So lettering that belongs to the picture (signs, prints on cloth, captions, posters, pages, user
interfaces) is drawn into both classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
from numpy.typing import NDArray

from filters.image import Pixels, fit

KINDS = ("tiled", "centre", "corner", "stock", "logo")
"""Watermarks: repeated words, words across the middle, a name in a corner, a stock agency's lines, an emblem."""
LETTERING = ("_sign", "_sign", "_print", "_caption", "_title", "_page", "_badge", "_glass")
SHOWS = 14.0
"""Least mean change in grey levels for a watermark to be drawn: below, nobody would see it."""
LEAST_INK = 60
"""A watermark covers more pixels than these; else it lies outside, or is a speck."""
NOTICES = (
    "SAMPLE", "PREVIEW", "DRAFT", "PROOF", "COPYRIGHT", "WATERMARK", "CONFIDENTIAL", "DEMO", "UNLICENSED", "TRIAL",
    "STOCK", "PHOTO", "IMAGES", "版权所有", "仅供预览", "样图", "禁止转载", "图片素材", "摄影作品", "内部资料",
    "试用版", "保密", "图库", "预览图",
)  # fmt: skip
HAN = (
    "山水风云日月花鸟天地人和春夏秋冬东南西北大小上下图片摄影设计素材"
    "中国文化生活美食旅行城市新闻网站公司时间电影音乐学习工作"
)
LETTERS = "aeioubcdfghklmnprstvyz"

Mask = NDArray[Any]  # float32 [h, w], 0..1; OpenCV's stubs know no narrower type
Rng = np.random.Generator


@dataclass(frozen=True)
class Faces:
    """Font files: some for any text, some that also hold Chinese."""

    latin: tuple[Path, ...]
    han: tuple[Path, ...]

    def pick(self, rng: Rng, words: str) -> Path:
        """A face that can write the words."""
        files = self.latin if words.replace("©", "").isascii() or not self.han else self.han
        return files[rng.integers(len(files))]


def find_faces(folders: list[Path]) -> Faces:
    """All the fonts below the folders, told apart by whether they hold Chinese.

    None as thin as hair: at this size their opaque letters let the picture through as a watermark's do.
    """
    latin: list[Path] = []
    han: list[Path] = []
    for path in sorted(
        file for folder in folders for file in folder.rglob("*") if file.suffix in (".ttf", ".otf", ".ttc")
    ):
        if any(weight in path.stem.lower() for weight in ("thin", "hairline", "light")):
            continue
        font = PIL.ImageFont.truetype(path, 32)
        shapes = {bytes(font.getmask(character)) for character in "永和国"}
        (han if len(shapes) == 3 else latin).append(path)
    return Faces(tuple(latin), tuple(han))


@lru_cache(256)
def font(path: Path, size: int) -> PIL.ImageFont.FreeTypeFont:
    return PIL.ImageFont.truetype(path, size)


def letters(path: Path, size: int, words: str, outline: int = 0) -> Mask:
    """The words as coverage, [h, w], 0..1, cropped to their ink; `outline` > 0 draws contours of that width only."""
    face = font(path, max(6, size))
    left, top, right, bottom = face.getbbox(words, stroke_width=outline)
    canvas = PIL.Image.new("L", (max(1, int(right - left) + 2), max(1, int(bottom - top) + 2)))
    draw = PIL.ImageDraw.Draw(canvas)
    draw.text((1 - left, 1 - top), words, 255, face, stroke_width=outline)
    if outline:
        draw.text((1 - left, 1 - top), words, 0, face)
    return np.asarray(canvas, np.float32) / 255


def rotate(mask: Mask, degrees: float) -> Mask:
    """The mask turned about its centre, on a canvas that holds all of it."""
    height, width = mask.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    new_width, new_height = int(height * sin + width * cos) + 1, int(height * cos + width * sin) + 1
    turn[:, 2] += (new_width - width) / 2, (new_height - height) / 2
    return cv2.warpAffine(mask, turn, (new_width, new_height), flags=cv2.INTER_LINEAR)


def place(canvas: Mask, mask: Mask, x: int, y: int) -> None:
    """Lay the mask onto the canvas with its top left at (x, y); what lies outside is cut off."""
    height, width = canvas.shape
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + mask.shape[1], width), min(y + mask.shape[0], height)
    if left < right and top < bottom:
        part = canvas[top:bottom, left:right]
        np.maximum(part, mask[top - y : bottom - y, left - x : right - x], out=part)


def blend(pixels: Pixels, mask: Mask, colour: NDArray[Any], opacity: float) -> Pixels:
    """The colour laid over the pixels where the mask is, with the given opacity."""
    alpha = (mask * opacity)[..., None]
    return np.round(pixels * (1 - alpha) + colour * alpha).astype(np.uint8)


def phrase(rng: Rng, language: str | None = None) -> str:
    """Words of a watermark: a notice, a name, a site; in English ("en") or Chinese ("zh"), or in any of the two."""
    while True:
        words = any_phrase(rng)
        if language is None or (language == "en") == words.replace("©", "").isascii():
            return words


def any_phrase(rng: Rng) -> str:
    word = "".join(
        LETTERS[(rng.integers(0, 5) if i % 2 else rng.integers(5, len(LETTERS)))] for i in range(rng.integers(3, 9))
    )
    chinese = "".join(rng.choice(list(HAN), rng.integers(2, 6)))
    forms = (
        str(rng.choice(NOTICES)), word.capitalize(), word.upper(), f"© {word.capitalize()}", f"www.{word}.com",
        f"{word}{rng.choice(['stock', 'images', 'photo', 'pics'])}", f"{word.capitalize()} Photography", f"@{word}",
        chinese, f"{chinese}网", f"@{chinese}", f"{rng.choice(NOTICES)} {rng.integers(1000, 10**8)}",
    )  # fmt: skip
    return str(rng.choice(forms))


def sentence(rng: Rng, length: int) -> str:
    """Legitimate words: prose-like nonsense of about `length` characters; some of it the words of watermarks."""
    if rng.random() < 0.35:
        return "".join(rng.choice(list(HAN), max(1, length // 2)))
    text = ""
    while len(text) < length:
        text += " " + (phrase(rng) if rng.random() < 0.15 else "".join(rng.choice(list(LETTERS), rng.integers(2, 9))))
    return text.strip()[:length].capitalize()


def colour_of(rng: Rng, plain: float) -> NDArray[Any]:
    """White, black or grey with probability `plain`, else any colour."""
    if rng.random() < plain:
        return np.full(3, rng.choice([255, 255, 255, 235, 200, 128, 40, 0, 0]), np.float32)
    return rng.integers(0, 256, 3).astype(np.float32)


def visible_colour(rng: Rng, under: NDArray[Any]) -> NDArray[Any]:
    """A colour that shows on the pixels [n, 3] under it, as whoever lays a watermark sees to it."""
    return legible(colour_of(rng, 0.8), under, 64)


def legible(ink: NDArray[Any], ground: NDArray[Any], least: float) -> NDArray[Any]:
    """The ink [3], or black or white where it differs from the ground [..., 3] by less than `least` on average."""
    if np.abs(ink - ground).mean() < least:
        return np.full(3, 0 if ground.mean() > 128 else 255, np.float32)
    return ink


def opacity_of(rng: Rng, kind: str) -> float:
    """Most watermarks let the picture through; some of those told by repetition, lines or place hardly do."""
    if kind in ("tiled", "corner", "stock") and rng.random() < 0.2:
        return float(rng.uniform(0.7, 1 if kind == "corner" else 0.95))
    return float(rng.uniform(0.15, 0.7))


def window(rng: Rng, mask: Mask, height: int, width: int) -> Mask:
    """A part of the mask of the given size, with some ink in it where there is any."""
    ink = np.argwhere(mask > 0.5)
    y, x = ink[rng.integers(len(ink))] if len(ink) else (0, 0)
    top = int(np.clip(y - rng.integers(height), 0, mask.shape[0] - height))
    left = int(np.clip(x - rng.integers(width), 0, mask.shape[1] - width))
    return mask[top : top + height, left : left + width]


@dataclass(frozen=True)
class Artist:
    """Draws with a set of fonts and of flat drawings (RGBA files) for logos.

    `language`: of the watermarks, "en" or "zh"; None for any. `least_opacity`, 0..1, makes faint ones plainer.
    """

    faces: Faces
    drawings: tuple[Path, ...]
    language: str | None = None
    least_opacity: float = 0.0

    def watermark(self, rng: Rng, pixels: Pixels, kind: str, room: int = 1) -> tuple[Pixels, Mask]:
        """The picture under a visible watermark of the given kind, and the watermark's coverage [h, w], 0..1.

        With `room` > 1 the watermark is that of a picture so many times as wide and high, of which this is a part.
        """
        height, width = pixels.shape[:2]
        for _ in range(8):
            mask = np.zeros((height * room, width * room), np.float32)
            getattr(self, f"_{kind}")(rng, mask)
            mask = window(rng, mask, height, width)
            ink = mask > 0.5
            if ink.sum() <= LEAST_INK:
                continue
            colour, opacity = visible_colour(rng, pixels[ink]), max(opacity_of(rng, kind), self.least_opacity)
            marked = blend(pixels, mask, colour, opacity)
            around = None
            if rng.random() < 0.15:  # a rim, as on the marks of stock agencies
                around = cv2.dilate(mask, np.ones((3, 3), np.uint8)) - mask
            elif rng.random() < 0.2:  # a drop shadow
                around = np.roll(mask, (1, 1), (0, 1)) * (mask < 0.5)
            if around is not None:
                against = np.full(3, 0 if colour.mean() > 100 else 255, np.float32)
                marked = blend(marked, around, against, opacity * rng.uniform(0.5, 1))
            change = np.abs(marked.astype(np.float32) - pixels).mean(axis=2)
            if change[ink].mean() > SHOWS:
                return marked, mask
        return pixels, np.zeros(pixels.shape[:2], np.float32)

    def _words(self, rng: Rng, size: int) -> Mask:
        words = phrase(rng, self.language)
        outline = int(rng.random() < 0.15) * max(1, size // 20)
        return letters(self.faces.pick(rng, words), size, words, outline)

    def _fitted(self, rng: Rng, width: float, height: float) -> Mask:
        """Words as large as fit into a box."""
        mask = self._words(rng, 64)
        scale = min(width / mask.shape[1], height / mask.shape[0])
        size = max(1, round(mask.shape[1] * scale)), max(1, round(mask.shape[0] * scale))
        return cv2.resize(mask, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)

    def _tiled(self, rng: Rng, mask: Mask) -> None:
        height, width = mask.shape
        tile = (
            self._icon(rng, int(rng.uniform(24, 80)))
            if rng.random() < 0.1
            else self._words(rng, int(rng.uniform(12, 44)))
        )
        tile = rotate(tile, float(rng.choice([0, rng.uniform(15, 45), rng.uniform(-45, -15)], p=[0.2, 0.5, 0.3])))
        step_x = tile.shape[1] + int(rng.uniform(10, 120))
        step_y = tile.shape[0] + int(rng.uniform(10, 120))
        shear = rng.choice([0, 0.5]) * step_x
        for row, y in enumerate(range(-int(rng.integers(step_y)), height, step_y)):
            for x in range(-int(rng.integers(1, step_x + 1)) - int(row % 2 * shear), width, step_x):
                place(mask, tile, x, y)

    def _centre(self, rng: Rng, mask: Mask) -> None:
        height, width = mask.shape
        words = self._fitted(rng, width * rng.uniform(0.3, 0.95), height * rng.uniform(0.08, 0.35))
        if rng.random() < 0.5:
            words = rotate(words, float(rng.uniform(-45, 45)))
        if words.shape[1] > width or words.shape[0] > height:
            scale = min(width / words.shape[1], height / words.shape[0])
            words = cv2.resize(words, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        free_x, free_y = width - words.shape[1], height - words.shape[0]
        place(mask, words, int(free_x * rng.uniform(0.25, 0.75)), int(free_y * rng.uniform(0.2, 0.8)))

    def _corner(self, rng: Rng, mask: Mask) -> None:
        height, width = mask.shape
        size = int(min(mask.shape) * rng.uniform(0.03, 0.09))
        mark = self._words(rng, size)
        if rng.random() < 0.3:  # a logo beside the words
            icon = self._icon(rng, int(size * rng.uniform(1, 2)))
            joined = np.zeros((max(icon.shape[0], mark.shape[0]), icon.shape[1] + mark.shape[1] + 6), np.float32)
            place(joined, icon, 0, (joined.shape[0] - icon.shape[0]) // 2)
            place(joined, mark, icon.shape[1] + 6, (joined.shape[0] - mark.shape[0]) // 2)
            mark = joined
        if mark.shape[1] > width * 0.6:
            scale = width * 0.6 / mark.shape[1]
            mark = cv2.resize(mark, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        margin = int(min(mask.shape) * rng.uniform(0.01, 0.06))
        x = (margin, width - mark.shape[1] - margin, (width - mark.shape[1]) // 2)[rng.choice(3, p=[0.35, 0.5, 0.15])]
        y = (margin, height - mark.shape[0] - margin)[int(rng.random() < 0.7)]
        place(mask, mark, x, y)

    def _stock(self, rng: Rng, mask: Mask) -> None:
        """As stock agencies do it: a name across the middle, with lines, a grid or a band behind."""
        height, width = mask.shape
        faint, thick = rng.uniform(0.3, 0.8), int(rng.choice([1, 1, 2, 3]))
        style = rng.integers(3)
        if style == 0:
            cv2.line(mask, (0, 0), (width, height), faint, thick, cv2.LINE_AA)
            cv2.line(mask, (width, 0), (0, height), faint, thick, cv2.LINE_AA)
        elif style == 1:
            step, slope = int(rng.uniform(60, 220)), rng.uniform(0.5, 1.5)
            for x in range(-width * 2, width * 3, step):
                cv2.line(mask, (x, 0), (int(x + height * slope), height), faint, thick, cv2.LINE_AA)
                cv2.line(mask, (x, 0), (int(x - height * slope), height), faint, thick, cv2.LINE_AA)
        else:
            middle, half = int(height * rng.uniform(0.3, 0.7)), int(height * rng.uniform(0.04, 0.1))
            mask[max(middle - half, 0) : middle + half] = faint * 0.6
        self._centre(rng, mask)

    def _logo(self, rng: Rng, mask: Mask) -> None:
        height, width = mask.shape
        icon = self._icon(rng, int(min(mask.shape) * rng.uniform(0.1, 0.5)))
        free_x, free_y = width - icon.shape[1], height - icon.shape[0]
        edge = 0.04 if icon.shape[0] < 0.2 * min(mask.shape) else 0.3
        across, down = (rng.choice([edge, 0.5, 1 - edge]) for _ in range(2))
        x, y = int(free_x * across), int(free_y * down)
        place(mask, icon, x, y)
        if rng.random() < 0.4:
            words = self._fitted(rng, icon.shape[1] * 1.3, icon.shape[0] * 0.3)
            place(mask, words, x + (icon.shape[1] - words.shape[1]) // 2, y + icon.shape[0] + 4)

    def _icon(self, rng: Rng, size: int) -> Mask:
        """The silhouette of a drawing, or a plain emblem with a letter where there are no drawings."""
        if self.drawings and rng.random() < 0.7:
            rgba = drawing(self.drawings[rng.integers(len(self.drawings))])
            alpha, light = rgba[..., 3] / np.float32(255), rgba[..., :3].mean(axis=2) / np.float32(255)
            shape = alpha * (light < 0.6) if (alpha * (light < 0.6)).mean() > 0.1 else alpha
        else:
            shape = np.zeros((128, 128), np.float32)
            cv2.circle(shape, (64, 64), 60, 1, int(rng.choice([-1, 4, 8, 14])), cv2.LINE_AA)
            initial = letters(self.faces.latin[rng.integers(len(self.faces.latin))], 80, chr(rng.integers(65, 91)))
            part = shape[64 - initial.shape[0] // 2 :, 64 - initial.shape[1] // 2 :][
                : initial.shape[0], : initial.shape[1]
            ]
            part[...] = np.abs(part - initial[: part.shape[0], : part.shape[1]])
        scale = size / max(shape.shape)
        return cv2.resize(shape, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)

    def lettering(self, rng: Rng, pixels: Pixels) -> Pixels:
        """The picture with lettering that belongs to it."""
        return getattr(self, str(rng.choice(LETTERING)))(rng, pixels)

    def _panel(self, rng: Rng, width: int, height: int, size: int) -> Pixels:
        """A flat board with lines of opaque text in one colour."""
        ground = colour_of(rng, 0.5)
        ink = colour_of(rng, 0.6)
        if np.abs(ground - ink).mean() < 70:
            ink = 255 - ground if np.abs(255 - 2 * ground).mean() > 70 else np.zeros(3, np.float32)
        board = np.empty((height, width, 3), np.uint8)
        board[:] = ground.astype(np.uint8)
        mask, y = np.zeros((height, width), np.float32), size // 2
        while y + size < height:
            words = sentence(rng, int(width / size * rng.uniform(0.5, 2)))
            line = letters(self.faces.pick(rng, words), size, words)
            place(mask, line[:, : width - size], size // 2, y)
            y += int(size * rng.uniform(1.3, 2))
        return blend(board, mask, ink, 1)

    def _sign(self, rng: Rng, pixels: Pixels) -> Pixels:
        """A board in perspective, lit like the place where it stands."""
        height, width = pixels.shape[:2]
        size = int(rng.uniform(14, 48))
        w, h = int(width * rng.uniform(0.15, 0.6)), int(height * rng.uniform(0.08, 0.4))
        board = self._panel(rng, w, max(h, size * 2), size)
        return stand(rng, pixels, board * rng.uniform(0.55, 1) + rng.normal(0, 3, board.shape))

    def _print(self, rng: Rng, pixels: Pixels) -> Pixels:
        """Words printed on cloth, a bag or a wall: its folds, light and grain go on through the ink."""
        height, width = pixels.shape[:2]
        w, h = int(width * rng.uniform(0.35, 0.95)), int(height * rng.uniform(0.3, 0.9))
        dye = colour_of(rng, 0.4)
        ink = legible(colour_of(rng, 0.4), dye, 70)
        mask, size = np.zeros((h, w), np.float32), int(rng.uniform(18, 80))
        for y in range(int(h * rng.uniform(0.1, 0.5)), h - size, int(size * 1.4))[: int(rng.integers(1, 4))]:
            words = sentence(rng, max(2, int(w / size * rng.uniform(0.6, 1.6))))
            line = letters(self.faces.pick(rng, words), size, words)[:, : int(w * 0.9)]
            place(mask, line, (w - line.shape[1]) // 2, y)
        rough = rng.normal(0, 1, (max(2, h // 24), max(2, w // 24))).astype(np.float32)
        light = cv2.resize(rough, (w, h), interpolation=cv2.INTER_CUBIC) * rng.uniform(0.03, 0.15)
        light = np.clip(rng.uniform(0.6, 1) + light + rng.normal(0, rng.uniform(0.005, 0.05), (h, w)), 0, 1.2)
        return stand(rng, pixels, (dye + (ink - dye) * mask[..., None]) * light[..., None])

    def _caption(self, rng: Rng, pixels: Pixels) -> Pixels:
        """A subtitle or caption: opaque, outlined or on a dark bar, centred near the lower edge."""
        height, width = pixels.shape[:2]
        words, size = sentence(rng, int(rng.uniform(10, 30))), int(rng.uniform(16, 34))
        face = self.faces.pick(rng, words)
        text, around = letters(face, size, words), letters(face, size, words, 2)
        mask, edge = np.zeros((2, height, width), np.float32)
        x, y = (width - text.shape[1]) // 2, int(height * rng.uniform(0.82, 0.9))
        place(mask, text, x, y)
        place(edge, around, x - 2, y - 2)
        if rng.random() < 0.3:
            pixels = pixels.copy()
            pixels[y - 8 : y + text.shape[0] + 8] //= 6
        ink = np.array(rng.choice([[255, 255, 255], [255, 230, 60]]), np.float32)
        return blend(blend(pixels, edge, np.zeros(3, np.float32), 1), mask, ink, 1)

    def _title(self, rng: Rng, pixels: Pixels) -> Pixels:
        """A poster or a cover: large opaque words and a few smaller lines, most often on a field in one colour."""
        height, width = pixels.shape[:2]
        ink, mask, y = colour_of(rng, 0.6), np.zeros((height, width), np.float32), int(height * rng.uniform(0.04, 0.5))
        if rng.random() < 0.7:
            pixels = pixels.copy()
            pixels[max(0, y - 16) : y + int(height * rng.uniform(0.3, 0.5))] = colour_of(rng, 0.4).astype(np.uint8)
        ground = pixels[y : y + height // 3].mean(axis=(0, 1))
        if np.abs(ink - ground).mean() < 80:  # a title is meant to be read
            ink = np.full(3, 255 if ground.mean() < 128 else 0, np.float32)
        for size in (int(rng.uniform(36, 110)), *[int(rng.uniform(14, 34))] * int(rng.integers(1, 4))):
            words = sentence(rng, max(2, int(width / size * rng.uniform(0.8, 1.6))))
            line = letters(self.faces.pick(rng, words), size, words)[:, : width - 20]
            place(mask, line, (width - line.shape[1]) // 2, y)
            y += int(size * 1.4)
        return blend(pixels, mask, ink, 1)

    def _page(self, rng: Rng, pixels: Pixels) -> Pixels:
        """A page or a user interface: panels of text, the picture left in between."""
        height, width = pixels.shape[:2]
        page = self._panel(rng, width, height, int(rng.uniform(10, 26)))
        if rng.random() < 0.6:
            h, w = int(height * rng.uniform(0.2, 0.5)), int(width * rng.uniform(0.3, 0.9))
            y, x = int(rng.integers(height - h)), int(rng.integers(width - w))
            page[y : y + h, x : x + w] = cv2.resize(pixels, (w, h), interpolation=cv2.INTER_AREA)
        return page

    def _glass(self, rng: Rng, pixels: Pixels) -> Pixels:
        """A translucent panel with opaque words, as on posters, news and screens."""
        height, width = pixels.shape[:2]
        size = int(rng.uniform(14, 40))
        w, h = int(width * rng.uniform(0.3, 1)), int(size * rng.uniform(1.6, 5))
        x, y = int(rng.uniform(0, width - w + 1)), int(rng.uniform(0, max(1, height - h)))
        ground = np.full(3, rng.choice([0, 255]), np.float32)
        cover, mask = np.zeros((2, height, width), np.float32)
        cover[y : y + h, x : x + w] = 1
        top = y + size // 3
        while top + size < y + h:
            words = sentence(rng, int(w / size * rng.uniform(0.5, 1.8)))
            place(mask, letters(self.faces.pick(rng, words), size, words)[:, : w - size], x + size // 2, top)
            top += int(size * 1.5)
        return blend(blend(pixels, cover, ground, rng.uniform(0.3, 0.85)), mask, 255 - ground, 1)

    def _badge(self, rng: Rng, pixels: Pixels) -> Pixels:
        """A drawing pasted in its own colours, opaque: none in one colour, as an emblem might be."""
        picks = rng.integers(len(self.drawings), size=12) if self.drawings else []
        colourful = next((pick for pick in picks if chroma(drawing(self.drawings[pick])) > 40), None)
        if colourful is None:
            return self._title(rng, pixels)
        rgba = fit(drawing(self.drawings[colourful]), int(rng.uniform(60, 260)))
        h, w = rgba.shape[:2]
        y, x = int(rng.integers(max(1, pixels.shape[0] - h))), int(rng.integers(max(1, pixels.shape[1] - w)))
        pixels = pixels.copy()
        part = pixels[y : y + h, x : x + w]
        rgba = rgba[: part.shape[0], : part.shape[1]]
        part[...] = blend(part, rgba[..., 3] / np.float32(255), rgba[..., :3].astype(np.float32), 1)
        return pixels


@lru_cache(128)
def drawing(path: Path) -> NDArray[np.uint8]:
    """A drawing with transparency: uint8 [h, w, 4], at most 256 px."""
    with PIL.Image.open(path) as file:
        image = file.convert("RGBA")
    image.thumbnail((256, 256))
    return np.array(image)


def chroma(rgba: NDArray[np.uint8]) -> float:
    """How colourful a drawing is: the mean difference of the strongest and the weakest colour, 0..255."""
    shown = rgba[rgba[..., 3] > 128][:, :3]
    return float(np.ptp(shown, axis=1).mean()) if len(shown) else 0.0


def stand(rng: Rng, pixels: Pixels, board: NDArray[Any]) -> Pixels:
    """The picture with a board [h, w, 3], 0..255, no larger than it, standing in it in perspective."""
    height, width = pixels.shape[:2]
    h, w = board.shape[:2]
    x, y = rng.uniform(0, max(1, width - w)), rng.uniform(0, max(1, height - h))
    flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    jitter = rng.uniform(-0.12, 0.12, (4, 2)) * [w, h]
    warp = cv2.getPerspectiveTransform(flat, (flat + np.array([x, y]) + jitter).astype(np.float32))
    cover = cv2.warpPerspective(np.ones((h, w), np.float32), warp, (width, height))[..., None]
    drawn = cv2.warpPerspective(np.clip(board, 0, 255).astype(np.uint8), warp, (width, height))
    return np.round(pixels * (1 - cover) + drawn * cover).astype(np.uint8)
