"""What kind of image it is, by a few rules over what was measured: for want of a vision model.

Photographs stand out by their noise, everything drawn by program by surfaces of exactly equal pixels, pages by their
share of text, slides by few large lines where screens have many small ones.

Constants were set on every second demo image and held against the others (`bench/kinds.py`; folders are the labels):
the type is right for 54 and 53 of 58, the top of the domain (Nature, Design, People) for 52 and 50. Of both together
67 of 68 photographs, 17 of 19 illustrations, 12 of 14 documents, 6 of 6 screens and 5 of 5 slides are found. Taken for
photographs are 3 paintings, a book cover, an engraved map, a tinted print and 2 pages with little text, for an
illustration Saturn before a black sky. Of 9 images of people only 2 show the network a face; the others become Nature.
Of 42 images called a landscape 18 are one (the rest are cities, animals, rooms); of 19 landscapes 18 are called so.
Of images never looked at before, 100 of 100 packaged landscapes are photographs; 120 of 150 packaged drawings are
illustrations, 3 slides and 27 photographs, of which 23 are icons of less than 200 px a side.
"""

from __future__ import annotations

from statistics import median

from annotate.evidence import Evidence, Looks

FLAT = 0.6
"""Flatness from which an image was drawn by program, or cut out and laid on a plain ground."""

PAGE = 0.12, 0.2
"""Share of text from which an image is a page: higher than wide, and of any shape."""

SLIDE = 1.2, 2.0
"""Width over height of slides and of screens, at least and at most."""

LARGE = 0.028
"""Height of the middle line, as a share of the shorter side, from which text is for an audience, not for one reader."""

MANY = 24
"""Lines above which it is no slide, however large they are."""

PORTRAIT = 0.03
"""Share of the image's area from which a face is what the picture is about."""

WIDE = 1.3
"""Width over height from which a photograph without faces is taken for a landscape."""


def image_type(evidence: Evidence, looks: Looks) -> str:
    """`photo`, `illustration`, `screenshot`, `slide` or `document`."""
    shape = evidence.width / evidence.height
    heights = [reading.height for reading in evidence.readings]
    upright, any_shape = PAGE
    if heights and evidence.text_area >= (upright if shape < 1 else any_shape):
        return "document"
    if looks.flatness < FLAT:
        return "photo"
    if not heights or not SLIDE[0] <= shape <= SLIDE[1]:
        return "illustration"
    return "slide" if len(heights) <= MANY and median(heights) >= LARGE else "screenshot"


def domain(kind: str, evidence: Evidence, looks: Looks) -> str:
    """The domain of an image whose `image_type` is `kind`. Documents have none of their own: they count as posters."""
    designs = {"illustration": "digital_art", "screenshot": "user_interfaces", "slide": "slides", "document": "posters"}
    if kind in designs:
        return f"Design/{designs[kind]}"
    if looks.faces:
        return "People/portrait" if max(looks.faces) >= PORTRAIT else "People/activities"
    return "Nature/landscape" if evidence.width >= WIDE * evidence.height else "Nature/objects"
