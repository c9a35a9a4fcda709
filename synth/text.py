"""The text layer in one import: faces, layout, drawing, and the truth about every character.

    import numpy as np
    from synth.text import Style, canvas, choose_pairing, draw, find_faces, fit, lay_out, sample_lines

    faces = find_faces()                                 # installed font packages; find_faces(("/my/fonts",)) a folder
    rng = np.random.default_rng([7, 0])
    pairing = choose_pairing(rng, faces, "mixed", kinds=("serif",))   # a Latin and a Chinese face that go together
    style = Style(pairing, size=32, pitch=1.5, align="justified", indent=2)

    layout = lay_out("第一段文字，mixed with English。\nA second paragraph.", style, width=800, height=600, x=112, y=96)
    layout = fit("标题 Title", style, 800, 120, least=24, most=96)    # or: the largest size that fits the box
    left, top, right, bottom = layout.bounds                          # union of the lines' boxes, in pixels
    layout = layout.moved(0, 40)                                      # to centre it, or to set it beneath another

    pixels = np.full((1024, 1024, 4), 255, np.uint8)                  # RGBA, alpha 255
    draw(canvas(pixels), layout, (20, 20, 30))                        # opacity=0.9, outline=(width, colour)
    lines = sample_lines(layout, "mixed", role="body")                # tuple[sample.Line], for the Sample
    rgb = np.ascontiguousarray(pixels[..., :3])

**Faces.** `find_faces(folders)` → tuple of `Face` (family, weight 1..1000, italic, kind of "sans serif mono handwriting
display", licence, scripts, name); opened once a process, so call it wherever you like. `Pairing(latin, cjk, others)`
can be put together by hand (`Pairing(face)` for one face); each character takes the first of its faces that really
draws it: ideographs and full-width punctuation ask `cjk` first, everything else `latin`, then `others`. FontError (a
ValueError, one line) where there is no font or one is damaged.

**Refusal.** A character that no face of the pairing draws raises `Discarded("missing glyph", "U+9FA6 鿦, …")`, which
names them all; nothing is ever left out or replaced. `missing(pairing, text)` asks beforehand (no exception), `refused
(face, text)` of one face, `covered(face, characters)` gives the set of characters that a face draws. Text that does not
fit its box, or a word longer than the line, raises `Discarded("text does not fit", …)`.

**Layout.** `lay_out(text, style, width, height, x, y)`, `fit(…, least, most)`, and `flow(text, style, boxes)` → one
Layout a box, for columns. `text` is a string, whose line ends part paragraphs, or a sequence of paragraphs.
`Style(pairing, size, pitch=1.4, align="left", letter_spacing=0, indent=0, paragraph_gap=0, vertical=False)`: size in
pixels an em, the others in em; align "left", "centre", "right", "justified". `vertical=True` sets columns from right to
left: letters of other scripts lie on their side, punctuation takes the face's vertical forms, and quotation marks “ ”
become corner brackets there, as they do in print, so prefer 「 」 in text that is read back. Arabic and Hebrew run from
right to left by themselves; the start of such a paragraph is on the right, so that "left" and "right" change places.
Shaping is kept: the same text at another size or width costs a quarter of the first time.

**Boxes.** In pixels, as floats. A line's box holds all its ink and its advances, spaces at its end left out: cut it
out for OCR with a margin of your own (drawing rounds by up to half a pixel, and anti-aliasing adds a fringe). Across
the line it is as high as the ink, at least half an em. A character's cell is its advance along the line and the line's
box across it: cells tile the line, so a character's ink may stick out of its own cell (an italic f) but never out of
the line's box. `layout.lines` has them relative to (layout.x, layout.y); `sample_lines` gives quads in pixels of the
picture. Warp the quads with the picture if you warp it. In a vertical line a quad goes clockwise from the upper left,
as in a horizontal one, for upright and turned characters alike.

**Drawing.** `draw` takes any skia canvas, also with a matrix of its own; `blobs(layout)` gives skia.TextBlobs for
shaders, masks and paints of one's own (origin at the layout's corner), `skia_font(face, size)` the font. Deterministic:
the same calls draw the same bytes.
"""

from __future__ import annotations

from synth.coverage import covered, refused
from synth.draw import Colour, blobs, canvas, draw, skia_font
from synth.font_packages import find_faces
from synth.fonts import Face, FontError
from synth.layout import Box, LaidLine, Layout, Style, fit, flow, lay_out
from synth.pairing import Pairing, choose_pairing, missing
from synth.sample import Char, Discarded, Line, Quad

__all__ = [
    "Box",
    "Colour",
    "Discarded",
    "Face",
    "FontError",
    "LaidLine",
    "Layout",
    "Pairing",
    "Style",
    "blobs",
    "canvas",
    "choose_pairing",
    "covered",
    "draw",
    "find_faces",
    "fit",
    "flow",
    "lay_out",
    "missing",
    "quad",
    "refused",
    "sample_lines",
    "skia_font",
]


def sample_lines(layout: Layout, language: str, role: str = "body") -> tuple[Line, ...]:
    """The lines of a layout as a Sample wants them, with quads in pixels of the picture."""
    style, x, y = layout.style, layout.x, layout.y
    return tuple(
        Line(
            line.text,
            language,
            quad(line.box, x, y),
            tuple(Char(character, quad(box, x, y)) for character, box in line.characters),
            style.pairing.name,
            style.size,
            role,
            style.vertical,
        )
        for line in layout.lines
    )


def quad(box: Box, x: float = 0, y: float = 0) -> Quad:
    """The corners of an upright box, moved by (`x`, `y`)."""
    left, top, right, bottom = box[0] + x, box[1] + y, box[2] + x, box[3] + y
    return left, top, right, top, right, bottom, left, bottom
