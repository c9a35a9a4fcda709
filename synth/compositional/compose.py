"""The carrier put into its scene: shadow, support, sides, the face itself, light, softness and grain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.compositional import light, match, shadow
from synth.compositional.carriers import Blank
from synth.compositional.colour import Pixels
from synth.compositional.face import part, put
from synth.compositional.fallen import fallen, standing
from synth.compositional.layers import alpha_of, clipped, colours_of, over
from synth.compositional.scenes.base import FLAT, Scene
from synth.compositional.solid import sides
from synth.compositional.stage import Stage
from synth.compositional.supports import Support
from synth.compositional.view import Points
from synth.compositional.warp import Warp


def composed(
    rng: np.random.Generator, scene: Scene, stage: Stage, blank: Blank, face: Pixels, held: tuple[Support, ...]
) -> Pixels:
    """The finished picture, uint8 [h, w, 3]. `face`: the blank's pixels, written on."""
    picture = np.ascontiguousarray(scene.pixels)
    if scene.setting in FLAT and not blank.decal:
        fallen(rng, picture, scene, stage, blank)
    if scene.setting == "stand":
        standing(picture, scene, stage, bool(held))
    for raster, warp in held:
        lay(picture, raster, warp, scene)
    if stage.deep > 1.5:
        outline = stage.front.points(blank.outline)
        behind = stage.behind(blank.outline, -stage.deep, np.zeros(2))
        sides(picture, outline, behind, dimmed(blank, scene, outline), scene.light.towards)
    put(rng, picture, scene, stage, blank, face)
    if scene.relit:
        relight(rng, picture, scene, stage, blank)
        picture = match.softened(picture, scene.blur)
        picture = match.grained(rng, picture, scene.grain)
    return picture


def lay(picture: Pixels, raster: NDArray[np.uint8], warp: Warp, scene: Scene) -> None:
    """A support, in place, lit like all that is put in."""
    height, width = raster.shape[:2]
    box = clipped(warp.points(np.array([[0, 0], [width, 0], [width, height], [0, height]], float)), picture)
    if box is None:
        return
    drawn = match.softened(warp.render(raster, box), scene.blur)
    colours = colours_of(drawn)
    over(picture, colours if scene.relit else light.lit(colours, part(scene, box, picture)), alpha_of(drawn), box)


def dimmed(blank: Blank, scene: Scene, outline: Points) -> tuple[int, int, int]:
    """The colour of the carrier's sides under the scene's light."""
    if scene.relit:
        return blank.side
    rows, columns = scene.light.factors.shape[:2]
    x, y = np.clip(outline.mean(0) / light.COARSE, 0, (columns - 1, rows - 1)).astype(int)
    red, green, blue = (int(min(255, a * b)) for a, b in zip(blank.side, scene.light.factors[y, x], strict=True))
    return red, green, blue


def relight(rng: np.random.Generator, picture: Pixels, scene: Scene, stage: Stage, blank: Blank) -> None:
    """The scene's light over all of the picture, in place; a screen stays as bright as it is."""
    height, width = picture.shape[:2]
    factors = light.spread(scene.light.factors * np.float32(rng.uniform(0.90, 1.08)), height, width)
    if blank.glow is not None:
        lit = np.zeros((height, width), np.uint8)
        shadow.fill(lit, stage.front.points(blank.glow), 255)
        factors = factors.copy()
        factors[lit > 127] = light.STEPS
    picture[:] = light.lit(picture, factors)
