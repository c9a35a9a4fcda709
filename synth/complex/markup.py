"""A settled picture as a web page: boxes as CSS, texts in exactly the faces that were chosen for each character."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.complex import css
from synth.complex.engine import Pane, Plate
from synth.complex.flex import Box
from synth.complex.setting import Setting, setting
from synth.complex.stage import Part
from synth.complex.subset import subset
from synth.complex.words import CENTRE
from synth.fonts import Face
from synth.shaping import CENTRE as MIDDLE

UPRIGHT, TURNED = (1.0, 0.0), (0.5 + MIDDLE, 0.5 - MIDDLE)
"""Ascent and descent in em that every face is given. In horizontal lines the bottom of a character's place is the
baseline then, however the browser rounds; in vertical ones letters lying on their side are centred as ours are."""

BASE = """
*{margin:0;box-sizing:border-box}
html,body{width:100%;height:100%;overflow:hidden}
div{position:relative}
.pane{position:absolute;overflow:clip}
.text{z-index:1;display:flex;flex-direction:column;justify-content:center}
.vertical{align-items:center;justify-content:start}
.words{color:transparent;paint-order:stroke;line-break:strict;overflow-wrap:normal;hyphens:manual;font-synthesis:none;
text-rendering:geometricPrecision;font-kerning:normal;text-autospace:normal;text-spacing-trim:space-all}
.picture{position:absolute;max-width:none}
.proof{position:absolute;visibility:hidden;width:0;height:0;overflow:clip}
"""

ALIGN = {"left": "start", "centre": "center", "right": "end", "justified": "justify"}

LANGUAGES = {"en": "en", "zh": "zh-Hans"}


@dataclass
class Page:
    """`html`: the page, whose texts are still transparent; it asks for nothing from elsewhere. `parts`: every part in
    the order of the page's elements; `texts`: those with a text, in reading order, and how each is set."""

    html: str = ""
    parts: list[Part] = field(default_factory=list)
    texts: list[tuple[Part, Setting]] = field(default_factory=list)


def page(plate: Plate) -> Page:
    """The page of a plate. Raises Discarded("missing glyph", …) for a character that no chosen face draws."""
    made, fonts = Page(), _Fonts()
    panes = "".join(_pane(pane, plate, made, fonts) for pane in plate.panes)
    head = '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    head += "img-src data:; font-src data:; style-src 'unsafe-inline'\">"
    style = f"<style>{fonts.rules()}{BASE}body{{background:{_ground(plate.ground)}}}</style>"
    made.html = f"<!doctype html><html><head>{head}{style}</head><body>{panes}{fonts.proof()}</body></html>"
    return made


def picture_url(pixels: NDArray[np.uint8]) -> str:
    """A data URL of RGBA pixels, uint8 [h, w, 4], alpha not premultiplied."""
    order = cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA)
    _, data = cv2.imencode(".png", order, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return f"data:image/png;base64,{base64.b64encode(data.tobytes()).decode()}"


def _ground(pixels: NDArray[np.uint8]) -> str:
    red, green, blue = (int(each) for each in pixels[0, 0, :3])
    if (pixels == pixels[0, 0]).all():
        return css.rgba((red, green, blue))
    return f"url({picture_url(pixels)})"


@dataclass
class _Fonts:
    """The faces of a page, apart for horizontal and vertical lines, each with its name and the characters it sets."""

    known: dict[tuple[Face, bool], tuple[str, set[str]]] = field(default_factory=dict)

    def family(self, face: Face, vertical: bool, text: str) -> str:
        """The name under which the page knows `face`, which is to set `text`."""
        name, characters = self.known.setdefault((face, vertical), (f"f{len(self.known)}", set()))
        characters.update("".join(text.splitlines()))
        return name

    def rules(self) -> str:
        return "".join(
            f"@font-face{{font-family:{name};src:url({_font_url(face, characters)});{METRICS[vertical]}}}"
            for (face, vertical), (name, characters) in self.known.items()
        )

    def proof(self) -> str:
        """All characters in their faces once more, out of sight: to ask at one place which fonts the browser uses."""
        spans = (
            f'<span style="font-family:{name}">{escape("".join(sorted(characters)))}</span>'
            for name, characters in self.known.values()
        )
        return f'<p class="proof">{"".join(spans)}</p>'


def _metrics(above: float, below: float) -> str:
    return f"ascent-override:{above:.0%};descent-override:{below:.0%};line-gap-override:0%"


METRICS = {False: _metrics(*UPRIGHT), True: _metrics(*TURNED)}


def _font_url(face: Face, characters: set[str]) -> str:
    data = subset(face, "".join(sorted(characters)))
    return f"data:font/sfnt;base64,{base64.b64encode(data).decode()}"


def _pane(pane: Pane, plate: Plate, made: Page, fonts: _Fonts) -> str:
    rect = pane.rect
    style = {"left": css.px(rect.x), "top": css.px(rect.y), "width": css.px(rect.w), "height": css.px(rect.h)}
    if pane.radius:
        style["border-radius"] = css.px(pane.radius)
    return f'<div class="pane" style="{css.written(style)}">{_element(pane.root, None, plate, made, fonts)}</div>'


def _element(part: Part, parent: Box | None, plate: Plate, made: Page, fonts: _Fonts) -> str:
    made.parts.append(part)
    style = css.inside(part) | css.painted(part, plate.theme) | css.outside(part, parent)
    if part.words:
        how = setting(part)
        made.texts.append((part, how))
        upright = " vertical" if part.words.set_in.vertical else ""
        return f'<div class="box text{upright}" style="{css.written(style)}">{_words(part, how, fonts)}</div>'
    children = (_element(child, part, plate, made, fonts) for child in part.children if isinstance(child, Part))
    return f'<div class="box" style="{css.written(style)}">{"".join(children)}</div>'


def _words(part: Part, how: Setting, fonts: _Fonts) -> str:
    """A text, each of its characters in a span that names its face and no other."""
    words = part.words
    assert words is not None
    vertical = words.set_in.vertical
    named = [(fonts.family(face, vertical, text), text) for face, text in _runs(how)]
    spans = [f'<span style="font-family:{name}">{escape(text)}</span>' for name, text in named]
    style = {
        "font": f"{how.size:.3f}px/{how.line_height:.4f} {named[0][0]}",
        "white-space": "pre" if words.lines == 1 else "pre-wrap",
        "text-align": ALIGN[part.settings["text_align"]],
        "padding-inline": f"{how.before:.4f}em {how.after:.4f}em",
        "top": "0" if vertical else f"{how.lower - (0.5 - CENTRE):.4f}em",
    }
    if words.set_in.letter_spacing:  # the browser puts some behind the last letter too
        style["letter-spacing"] = f"{words.set_in.letter_spacing:.4f}em"
        style["margin-inline-end"] = f"{-words.set_in.letter_spacing:.4f}em"
    if words.outline:
        style["-webkit-text-stroke"] = f"{words.outline:.4f}em"
    if vertical:
        style |= {"writing-mode": "vertical-rl", "text-orientation": "mixed"}
    language = LANGUAGES[words.language]
    return f'<div class="words" dir="auto" lang="{language}" style="{css.written(style)}">{"".join(spans)}</div>'


def _runs(how: Setting) -> list[tuple[Face, str]]:
    """The text in parts of one face each; line ends go with what stands before them."""
    runs: list[tuple[Face, str]] = []
    for cluster in how.clusters:
        if runs and cluster.face in (None, runs[-1][0]):
            runs[-1] = (runs[-1][0], runs[-1][1] + cluster.text)
        elif cluster.face:
            runs.append((cluster.face, cluster.text))
    return runs
