"""The tier: a carrier chosen, placed, written on, put into a scene, checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.chance import chance, pick
from synth.compositional import legible, said
from synth.compositional.carriers import CARRIERS, Blank, Carrier
from synth.compositional.compose import composed
from synth.compositional.scenes.backdrops import Photos
from synth.compositional.scenes.base import Scene
from synth.compositional.scenes.settings import scene
from synth.compositional.stage import Stage, ask, least_scale, shaped, staged
from synth.compositional.supports import Held, foot, guys, hangers, posts
from synth.compositional.view import SHARE, moved
from synth.compositional.warp import Warp, around
from synth.compositional.ways import written_on
from synth.compositional.writing import LEAST_EM, Written, room, rule, words, write
from synth.fonts import Face
from synth.sample import Char, Discarded, Line, Sample, Wish
from synth.source import TextSource

NO_PHOTOS: Photos = ()


@dataclass(frozen=True)
class Compositional:
    """Makes samples. `photos`: real backgrounds, RGB uint8 [h, w, 3] by number; without any, all scenes are made."""

    faces: tuple[Face, ...]
    photos: Photos | None = None

    def __call__(self, rng: np.random.Generator, wish: Wish, text: TextSource) -> Sample:
        """One sample. Raises Discarded where text and carrier do not go together."""
        carrier, setting = chosen(rng, wish)
        return self.on(rng, wish, text, carrier, setting)

    def on(self, rng: np.random.Generator, wish: Wish, text: TextSource, carrier: Carrier, setting: str) -> Sample:
        """One sample with a carrier and a setting of the caller's choice."""
        photos = NO_PHOTOS if self.photos is None else self.photos
        stage = staged(rng, wish, carrier, setting)
        around_it = scene(rng, setting, stage.eye, stage.deep, stage.foot, photos)
        blank = carrier.draw(rng, ask(stage, setting, wish.grade, around_it))
        stage = shaped(rng, stage, carrier, blank)
        em = LEAST_EM[wish.language] / least_scale(stage.front, blank)
        spoken = words(rng, wish, text, room(blank.field, em, wish.language))
        written = write(rng, wish, spoken, blank, self.faces, em)
        rule(blank, written.layouts)
        face = written_on(rng, blank.way, blank.pixels, written.cover, written.colour, around_it.light.towards)
        held = supports(rng, stage, carrier, blank, setting)
        picture = composed(rng, around_it, stage, blank, face, held.parts)
        lines = read(stage.front, written, wish.language)
        least = legible.check(
            picture, covered(stage, written, picture.shape[:2]), [(line.text, line.quad) for line in lines]
        )
        notes = noted(carrier, around_it, blank, written, least)
        return said.sample(picture, written, lines, carrier, around_it, blank, held, notes)


def chosen(rng: np.random.Generator, wish: Wish) -> tuple[Carrier, str]:
    """A carrier that suits the grade and can fill enough of the frame, and a setting for it."""
    frame = wish.width / wish.height
    fitting = [one for one in CARRIERS.values() if wish.grade in one.grades and filling(one, frame) > SHARE[0] + 0.07]
    if not fitting:
        raise Discarded("no carrier for the frame", f"{wish.width} × {wish.height}")
    return pick(rng, [(carrier, setting) for carrier in fitting for setting in carrier.settings])


def filling(carrier: Carrier, frame: float) -> float:
    """The largest share of a frame (width over height) that the carrier can take, seen straight on."""
    aspect = float(np.clip(frame, *carrier.aspect))
    return 0.85 * min(aspect / frame, frame / aspect)


def supports(rng: np.random.Generator, stage: Stage, carrier: Carrier, blank: Blank, setting: str) -> Held:
    """What holds the carrier up: in the open, posts or hangers; the foot of a monitor."""
    plane, frame = stage.eye.facing(-stage.deep), float(stage.eye.height)
    low, high = moved(stage.to_plane, blank.outline).min(0), moved(stage.to_plane, blank.outline).max(0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    if carrier.foot:
        return foot(rng, stage.eye, box, stage.deep, stage.foot)
    if setting != "air":
        return Held()
    if blank.lift:
        return guys(rng, stage.eye.facing(), box, float(stage.eye.width))
    if chance(rng, 0.55):
        return posts(rng, plane, box, box[3] + frame)
    return hangers(rng, plane, box, box[1] - frame)


def read(front: Warp, written: Written, language: str) -> tuple[Line, ...]:
    """Every line and character where it is in the picture."""
    lines = []
    for role, layout in written.layouts:
        for line in layout.lines:
            boxes = [line.box, *(box for _, box in line.characters)]
            whole, *quads = front.quads(np.array(boxes) + np.array([layout.x, layout.y, layout.x, layout.y]))
            chars = tuple(Char(text, quad) for (text, _), quad in zip(line.characters, quads, strict=True))
            middle = np.array([layout.x + (line.box[0] + line.box[2]) / 2, layout.y + (line.box[1] + line.box[3]) / 2])
            size = round(layout.style.size * front.scale(middle), 2)
            lines.append(Line(line.text, language, around(whole, quads), chars, written.pairing.name, size, role))
    return tuple(lines)


def covered(stage: Stage, written: Written, size: tuple[int, ...]) -> NDArray[np.uint8]:
    """The letters' coverage of the picture, uint8 [h, w]."""
    return stage.front.render(written.cover, (0, 0, size[1], size[0]), 1)


def noted(carrier: Carrier, around_it: Scene, blank: Blank, written: Written, least: float) -> dict[str, object]:
    """What repeats the sample and tells of it, plain values."""
    return {
        "carrier": carrier.name,
        "setting": around_it.setting,
        "way": blank.way,
        "ink": list(written.colour),
        "light": around_it.light.name,
        "photo": around_it.photo,
        "contrast": round(least, 2),
        "fonts": {face.name: face.licence for face in written.pairing.faces if face.scripts & {"Latn", "Hani"}},
    }
