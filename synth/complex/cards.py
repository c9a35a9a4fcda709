"""Cards and small prints: business cards, greetings, invitations, menus, labels, tickets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synth.complex import studio
from synth.complex.template import Template, bundled
from synth.sample import Sample, Wish
from synth.source import TextSource
from synth.text import Face, find_faces


def make(
    rng: np.random.Generator,
    wish: Wish,
    text: TextSource,
    templates: Sequence[Template] = (),
    faces: tuple[Face, ...] = (),
    photos: Sequence[NDArray[np.uint8]] = (),
) -> Sample:
    """One of the cards out of `templates` (ours if none are given) in `faces` (of the installed packages if none).

    `photos`, RGB uint8 [h, w, 3], take the place of painted pictures. Raises Discarded like `studio.make`.
    """
    return studio.make(rng, wish, text, templates or bundled("cards"), faces or find_faces(), photos)
