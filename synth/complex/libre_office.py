"""Slides through LibreOffice, which writes a PDF; what is in that is both the picture and the truth about it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

from synth.complex.office import Office, OfficeError
from synth.complex.render import Box, Drawing
from synth.complex.slide_stories import Story, stories
from synth.complex.story_lines import Reader
from synth.fonts import Face

_ONE_AT_A_TIME = threading.Lock()
"""PDFium serves one thread."""


class LibreOffice:
    """An engine that runs the LibreOffice of the machine, in a process of its own: some 80 ms a slide.

    It draws in the upright ones of `faces` and no others. The truth is what stands in its PDF: each character must be
    there, in one of the faces that are asked for, which has it. Raises OfficeError: a ValueError of one line, where
    LibreOffice or PDFium is not installed.
    """

    def __init__(self, faces: Iterable[Face]):
        try:
            import pypdfium2  # noqa: F401
        except ImportError:
            raise OfficeError("LibreOffice as an engine takes PDFium too: pip install '.[libreoffice]'") from None
        self.office = Office(faces)
        self.name = f"LibreOffice {self.office.version}"

    def draw(self, pptx: bytes, width: int, height: int, faces: Mapping[Face, str]) -> Drawing:
        """As `render.Engine`. Raises Discarded as well for "missing font", "text differs", "text does not fit", and
        "engine failed" where LibreOffice crashes, or takes too long, twice."""
        from synth.complex.pdf_page import read_page

        with _ONE_AT_A_TIME:
            pixels, pieces = read_page(self.office.pdf(pptx), width, height)
        found = stories(pptx, width, height)
        reader = Reader(self.office.named, faces)
        reader.read(pieces, found)
        return Drawing(pixels, tuple(reader.lines), dict(_frames(found, reader.grown)))


def _frames(found: Sequence[Story], grown: Mapping[str, float]) -> Iterator[tuple[str, Box]]:
    """The boxes of charts, and those of tables, which grow with their cells."""
    for shape in dict.fromkeys(story.shape for story in found if story.within != "text"):
        boxes = [story.frame for story in found if story.shape == shape]
        left, top, right, bottom = (
            edge(values) for edge, values in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)
        )
        yield shape, (left, top, right, bottom + max(0.0, grown.get(shape, 0.0)))
