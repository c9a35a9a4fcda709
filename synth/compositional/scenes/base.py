"""A scene: the picture without its carrier, and how it is looked at and lit."""

from __future__ import annotations

from dataclasses import dataclass

from synth.compositional.colour import Pixels
from synth.compositional.light import Light

FLAT = ("table", "wall", "pinboard")
"""Settings in which the carrier lies against its ground."""


@dataclass(frozen=True)
class Scene:
    """`pixels` uint8 [h, w, 3]. `ground`: what the carrier touches, `behind`: what is seen beyond, each in words, or
    empty. `relit`: the light has yet to be laid over everything; else it is in the pixels, and the carrier alone wants
    it. `blur` and `grain`: softness and noise (pixels, grey levels) of what is put in; of everything where `relit`."""

    pixels: Pixels
    setting: str
    ground: str
    behind: str
    light: Light
    relit: bool
    photo: bool
    blur: float
    grain: float
