"""Clean grounds for text: plain colours, gradients, papers, quiet textures.

Each is a field of bytes that looks up its colour in a ramp of 256: one byte a pixel to compute instead of three, so
that a megapixel of paper takes two to four milliseconds. Level 128 is the middle of the ramp; a texture is a field
about 128 that is added to another by a weight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from synth.palette import Colour, ramp

Field = cv2.typing.MatLike
"""uint8, [height, width]."""

Pixels = NDArray[np.uint8]
"""RGB, [height, width, 3]."""

TILE = 512
"""Side in pixels of the noise that grain is tiled from: too fine for the eye to find the repetition."""


@dataclass(frozen=True)
class Ground:
    """One kind of background. `phrase` names it, with {} where the colour goes; `stops` is how many colours it wants.

    `schemes` are those of the palette that suit it, any if empty; `paint` makes the pixels from a generator, width,
    height and that many colours.
    """

    phrase: str
    paint: Callable[[np.random.Generator, int, int, tuple[Colour, ...]], Pixels]
    stops: int = 1
    schemes: tuple[str, ...] = ()


def coloured(values: Field, table: NDArray[np.uint8]) -> Pixels:
    """The field's levels as colours: level v is `table[v]`, of [256, 3]."""
    planes = [cv2.LUT(values, np.ascontiguousarray(table[:, channel])) for channel in range(3)]
    return np.asarray(cv2.merge(planes), np.uint8)


def shades(colour: Colour, depth: float) -> NDArray[np.uint8]:
    """A ramp [256, 3] about `colour`, darker by the share `depth` at 0 and lighter by as much at 255.

    Of a dark channel it is the share of a mid grey: of itself it would not be seen.
    """
    middle = np.array(colour)
    steps = depth * (np.arange(256) - 128) / 128
    return np.asarray(np.clip(np.rint(middle + steps[:, None] * np.maximum(middle, 110)), 0, 255), np.uint8)


def against(colour: Colour, strength: int) -> int:
    """Level of a pattern on that ground: darker than a light one, lighter than a dark one."""
    return 128 - strength if sum(colour) > 300 else 128 + strength


def level(width: int, height: int) -> Field:
    """The field without any texture."""
    return np.full((height, width), 128, np.uint8)


def mixed(values: Field, texture: Field, weight: float) -> Field:
    """The field with so much of a texture on it; it may be negative."""
    return cv2.addWeighted(values, 1, texture, weight, -128 * weight)


def outer_sum(column: NDArray, row: NDArray) -> Field:
    """Byte [height, width] of column[y] + row[x], rounded after the sum."""
    return cv2.convertScaleAbs(np.asarray(column, np.float32)[:, None] + np.asarray(row, np.float32)[None])


def linear(width: int, height: int, angle: float) -> Field:
    """0..255 along `angle`, in radians, from corner to corner."""
    x, y = np.arange(width) * np.cos(angle), np.arange(height) * np.sin(angle)
    low, high = x.min() + y.min(), x.max() + y.max()
    scale = 255 / max(1e-6, high - low)
    return outer_sum((y - low) * scale, x * scale)


def radial(width: int, height: int, x: float, y: float) -> Field:
    """0 at (x, y), shares of width and height, to 255 at the farthest corner."""
    across = (np.linspace(0, 1, width // 4 + 2, dtype=np.float32) - x) * width
    down = (np.linspace(0, 1, height // 4 + 2, dtype=np.float32) - y) * height
    distance = cv2.magnitude(*(np.ascontiguousarray(grid) for grid in np.meshgrid(across, down)))
    small = cv2.convertScaleAbs(distance, alpha=255 / float(distance.max()))
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def noise(rng: np.random.Generator, width: int, height: int) -> Field:
    """Independent levels, evenly from 0..255."""
    return np.frombuffer(rng.bytes(width * height), np.uint8).reshape(height, width)


def clouds(rng: np.random.Generator, width: int, height: int, cells: float, stretch: float = 1) -> Field:
    """Soft blotches, `cells` of them along the longer side, `stretch` times as wide as high."""
    size = max(width, height) / cells
    across, down = max(2, round(width / size / stretch) + 1), max(2, round(height / size) + 1)
    return cv2.resize(noise(rng, across, down), (width, height), interpolation=cv2.INTER_CUBIC)


def grain(rng: np.random.Generator, width: int, height: int, size: int = 1) -> Field:
    """Fine noise, of dots `size` px wide (1, 3, 5)."""
    tile = noise(rng, TILE, TILE)
    if size > 1:
        tile = cv2.GaussianBlur(tile, (size, size), 0, borderType=cv2.BORDER_WRAP)
        tile = cv2.addWeighted(tile, size, tile, 0, 128 - 128 * size)  # what blurring took away of its strength
    return np.tile(tile, (-(-height // TILE), -(-width // TILE)))[:height, :width]


def fibres(rng: np.random.Generator, width: int, height: int, count: int, length: float) -> Field:
    """`count` curled threads of about `length` px, lighter and darker."""
    values = level(width, height)
    start = rng.uniform(0, (width, height), (count, 2))
    heading = rng.uniform(0, 2 * np.pi, count)[:, None] + np.cumsum(rng.normal(0, 0.5, (count, 5)), axis=1)
    step = rng.gamma(4, length / 20, count)[:, None, None] * np.stack([np.cos(heading), np.sin(heading)], axis=2)
    paths = np.concatenate([start[:, None], start[:, None] + np.cumsum(step, axis=1)], axis=1)
    points = np.round(paths * 16).astype(np.int32)
    for shade, group in zip((40, 90, 170, 215), np.array_split(points, 4), strict=True):
        cv2.polylines(values, list(group), isClosed=False, color=shade, lineType=cv2.LINE_AA, shift=4)
    return values


def threads(rng: np.random.Generator, width: int, height: int) -> Field:
    """Warp and weft: every row and every column of its own thickness, in pairs of light and dark."""
    down, across = (np.repeat(rng.normal(0, 26, -(-side // 2)), 2)[:side] for side in (height, width))
    weave = 18 * (np.arange(height) % 2 * 2 - 1)
    return outer_sum(128 + down + weave, across)


def wires(rng: np.random.Generator, width: int, height: int) -> Field:
    """The marks of a paper mould: close lines across, with a few wide apart down."""
    pitch, apart = float(rng.uniform(5, 8)), float(rng.uniform(90, 150))
    close = 26 * np.sin(2 * np.pi * np.arange(height) / pitch)
    wide = 40 * np.exp(-(((np.arange(width) + apart / 3) % apart - apart / 2) ** 2) / 4)
    return outer_sum(128 + close, -wide)


def relief(values: Field, reach: int = 2) -> Field:
    """The field as a surface lit from the upper left."""
    moved = cv2.copyMakeBorder(values, reach, 0, reach, 0, cv2.BORDER_REPLICATE)[: -reach or None, : -reach or None]
    return cv2.addWeighted(values, 1.0, moved, -1.0, 128)


def vignette(width: int, height: int) -> Field:
    """128 in the middle, falling towards the corners."""
    x, y = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
    return outer_sum(128 - 60 * np.abs(y) ** 3, -60 * np.abs(x) ** 3)


def paint_plain(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """One colour everywhere."""
    pixels = np.empty((height, width, 3), np.uint8)
    cv2.rectangle(pixels, (0, 0), (width, height), colours[0], cv2.FILLED)
    return pixels


def paint_gradient(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Colours along a line; noise of a level or two, as a printer dithers, hides the steps between them."""
    values = linear(width, height, float(rng.choice((0.0, 0.25, 0.5, 0.75, 1.5)) * np.pi))
    return coloured(mixed(values, grain(rng, width, height), 0.012), ramp(colours))


def paint_glow(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Colours around a point in the middle or at a corner."""
    x, y = ((0.5, 0.5), (0.5, 0.1), (0.1, 0.1), (0.9, 0.15))[int(rng.integers(4))]
    return coloured(mixed(radial(width, height, x, y), grain(rng, width, height), 0.012), ramp(colours))


def paint_blend(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Colours that run into each other like watercolours."""
    values = clouds(rng, width, height, float(rng.uniform(1.5, 3)))
    return coloured(mixed(values, grain(rng, width, height), 0.012), ramp(colours))


def paint_smooth(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Paper with fine grain."""
    values = mixed(level(width, height), grain(rng, width, height, 3), 0.5)
    return coloured(mixed(values, clouds(rng, width, height, 6), 0.15), shades(colours[0], 0.03))


def paint_fibrous(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Handmade paper: threads, blotches and grain."""
    count = width * height // int(rng.integers(2500, 6000))
    values = mixed(fibres(rng, width, height, count, 60), grain(rng, width, height, 3), 0.3)
    return coloured(mixed(values, clouds(rng, width, height, 9), 0.25), shades(colours[0], 0.08))


def paint_laid(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Laid paper: the lines of the mould under a little grain."""
    values = mixed(wires(rng, width, height), grain(rng, width, height, 3), 0.35)
    return coloured(values, shades(colours[0], 0.06))


def paint_aged(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Old paper: stained, and darker towards its edges."""
    values = mixed(vignette(width, height), clouds(rng, width, height, 4), 0.2)
    values = mixed(values, clouds(rng, width, height, 14), 0.1)
    return coloured(mixed(values, grain(rng, width, height, 3), 0.25), shades(colours[0], 0.11))


def paint_kraft(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Wrapping paper: short fibres, dense grain."""
    values = mixed(fibres(rng, width, height, width * height // 900, 16), grain(rng, width, height, 3), 0.35)
    return coloured(mixed(values, clouds(rng, width, height, 60, 12), 0.06), shades(colours[0], 0.11))


def paint_linen(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Linen: threads both ways."""
    return coloured(mixed(threads(rng, width, height), grain(rng, width, height), 0.12), shades(colours[0], 0.06))


def paint_plaster(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Plaster: a rough surface in slanting light."""
    rough = cv2.addWeighted(clouds(rng, width, height, 90), 0.6, clouds(rng, width, height, 220), 0.4, 0)
    return coloured(mixed(relief(rough), clouds(rng, width, height, 4), 0.2), shades(colours[0], 0.06))


def paint_chalkboard(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """A wiped board: faint smears along the stroke of the sponge."""
    smears = mixed(clouds(rng, width, height, 16, 8), clouds(rng, width, height, 3, 1.5), 0.8)
    return coloured(mixed(smears, grain(rng, width, height, 3), 0.3), shades(colours[0], 0.06))


def paint_pinstripe(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Wallpaper of thin upright stripes."""
    pitch = int(rng.integers(14, 48))
    stripe = np.where(np.arange(width) % pitch < max(1, pitch // 10), against(colours[0], 58), 128)
    return coloured(outer_sum(np.zeros(height), stripe), shades(colours[0], 0.07))


def paint_bands(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Broad diagonal bands, hardly darker or lighter than the ground."""
    pitch = float(rng.uniform(40, 130))
    wave = np.where(np.arange(width + height) % pitch < pitch / 2, 128, against(colours[0], 28)).astype(np.uint8)
    slanting = sliding_window_view(wave, width)[:height]
    return coloured(np.ascontiguousarray(slanting), shades(colours[0], 0.1))


def paint_dots(rng: np.random.Generator, width: int, height: int, colours: tuple[Colour, ...]) -> Pixels:
    """Polka dots, hardly darker or lighter than the ground."""
    pitch = int(rng.integers(22, 60))
    tile = np.full((2 * pitch, 2 * pitch), 128, np.uint8)
    radius = max(2, pitch // 6)
    for centre in ((pitch // 2, pitch // 2), (pitch + pitch // 2, pitch + pitch // 2)):
        cv2.circle(tile, centre, radius, against(colours[0], 44), cv2.FILLED, cv2.LINE_AA)
    repeated = np.tile(tile, (-(-height // len(tile)), -(-width // len(tile))))[:height, :width]
    return coloured(np.ascontiguousarray(repeated), shades(colours[0], 0.1))


PALE = ("paper", "white", "pastel")
GROUNDS = {
    "plain": Ground("plain {} background", paint_plain),
    "gradient": Ground("linear gradient from {} to {}", paint_gradient, 2),
    "triple gradient": Ground("gradient running through {}, {} and {}", paint_gradient, 3),
    "glow": Ground("radial gradient from {} to {}", paint_glow, 2),
    "blend": Ground("soft blend of {} and {}", paint_blend, 2),
    "smooth paper": Ground("smooth {} paper", paint_smooth, 1, PALE),
    "fibrous paper": Ground("{} handmade paper with visible fibres", paint_fibrous, 1, ("paper", "pastel")),
    "laid paper": Ground("{} laid paper", paint_laid, 1, PALE),
    "aged paper": Ground("aged {} paper with darkened edges", paint_aged, 1, ("paper",)),
    "kraft paper": Ground("{} kraft paper", paint_kraft, 1, ("kraft",)),
    "linen": Ground("{} linen", paint_linen, 1, ("paper", "pastel", "vivid", "dark")),
    "plaster": Ground("{} plaster", paint_plaster, 1, ("white", "pastel", "dark")),
    "chalkboard": Ground("wiped {} chalkboard", paint_chalkboard, 1, ("board",)),
    "pinstripe": Ground("{} background with thin vertical stripes", paint_pinstripe, 1, ("pastel", "vivid", "dark")),
    "bands": Ground("{} background with faint diagonal bands", paint_bands, 1, ("pastel", "bright", "vivid", "dark")),
    "dots": Ground("{} background with faint polka dots", paint_dots, 1, ("pastel", "vivid", "dark")),
}
