"""The scene in words: what bears the text, what it is like, where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synth.compositional.carriers import Blank, Carrier
from synth.compositional.colour import Pixels
from synth.compositional.scenes.base import Scene
from synth.compositional.supports import Held
from synth.compositional.writing import Written
from synth.sample import Line, Sample

VERBS = {"table": "lies on", "wall": "hangs on", "pinboard": "is pinned to", "stand": "stands on"}

WRITTEN = {
    "pen": "in ink", "printed": "printed", "stamped": "stamped", "chalk": "in chalk", "paint": "painted",
    "weathered": "painted", "carved": "carved", "raised": "in raised letters", "woven": "printed on the cloth",
    "glow": "shown on the screen",
}  # fmt: skip

UNCOUNTED = ("planks", "boards", "slabs", "concrete", "cloth", "leather", "sky", "posts", "chains", "ropes")
BEHIND = {"night street": "Nature/cityscape", "hills and sky": "Nature/landscape", "blurred garden": "Nature/plants"}
OUTDOORS = ("brick wall", "concrete wall", "stone wall", "tiled wall")


def sample(
    picture: Pixels,
    written: Written,
    lines: tuple[Line, ...],
    carrier: Carrier,
    scene: Scene,
    blank: Blank,
    held: Held,
    notes: Mapping[str, Any],
) -> Sample:
    """The sample with its scene, objects and relations."""
    text = f"{'handwritten ' if written.by_hand and blank.hand else ''}{WRITTEN[blank.way]}"
    touched, verb = (held.name, held.verb) if held.name else (scene.ground, blank.verb or VERBS[scene.setting])
    things = [touched.removeprefix("a "), *([scene.behind] if scene.behind else [])]
    relations = [(blank.name, verb, things[0]), ("text", "is on", blank.name)]
    if scene.behind:
        relations.append((scene.behind, "is behind", blank.name))
    return Sample(
        pixels=picture,
        paragraphs=written.paragraphs,
        lines=lines,
        layout=f"{carrier.name}/{scene.setting}",
        scene=phrase(blank, f"{verb} {_article(touched)}", scene.behind, text),
        image_type="photo" if scene.photo else "render",
        style="photorealistic",
        domain=domain(scene),
        objects=((blank.name, blank.attributes[:4]), *((thing, ()) for thing in things)),
        relations=tuple(relations),
        notes=notes,
    )


def phrase(blank: Blank, where: str, behind: str, text: str) -> str:
    """`a sticky note (yellow) that is stuck to a brick wall, the text handwritten in ink`."""
    what = f"{blank.name} ({', '.join(blank.attributes)})" if blank.attributes else blank.name
    beyond = f" before {_article(behind)}" if behind else ""
    return f"{_article(what)} that {where}{beyond}, the text {text}"


def domain(scene: Scene) -> str:
    """Of the domains of an annotation. What a photo shows is not known here."""
    if scene.setting == "wall":
        return "Nature/cityscape" if scene.ground in OUTDOORS else "Nature/indoor"
    if scene.setting == "pinboard":
        return "Nature/indoor"
    return BEHIND.get(scene.behind, "Nature/objects") if scene.setting == "air" else "Nature/objects"


def _article(noun: str) -> str:
    """With the indefinite article, but for plurals and what is not counted."""
    if noun.startswith("a ") or (noun.split()[-1] in UNCOUNTED and " of " not in noun):
        return noun
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
