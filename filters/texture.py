"""Drops images under noise, and those that are nothing but fine texture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2

from filters.base import AtMost, Filter, Limit, Signal, Signals
from filters.blur import noise_level
from filters.image import WORKING_SIDE, Image, Pixels

FINE, MIDDLE, COARSE = WORKING_SIDE, 512, 256
"""Longest sides in pixels at which fine noise, complexity and coarse noise are measured. Noise whose grains are wider
than a pixel is smooth at the first and still rough at the last."""

QUALITY = 75
"""JPEG quality at which complexity is measured."""


@dataclass(frozen=True)
class Texture(Filter):
    """Drops what lies under noise (`max_noise`, `max_coarse_noise`), and texture without end (`max_complexity`).

    Signals: `noise`, grey levels, standard deviation of the noise at 1024 px in the flattest fifth of the image;
    `coarse_noise`, the same at 256 px: sensor noise that was smoothed or enlarged; `complexity`, bits a pixel that
    JPEG (quality 75) needs for the luma at 512 px: 1 is usual, dense print and brush strokes reach 2.7, static 3.8.

    Defaults stand in the gaps that 105 images (photographs, paintings, drawings, documents, slides, screenshots) left;
    measured on 145 of other sources, as they are and at JPEG 50: 0.7 % dropped, a photograph of gravel (1.9 % of those
    they were set on, one of grass and a drawing under grain). Found of 54 photographs of these at 1024 px, then JPEG
    90: Gaussian noise of 15 grey levels 0.93, of 30 and 50 all; salt and pepper on 5 and 15 % of the pixels all;
    speckle of 0.3 and 0.5 of the value 0.78 and 0.91; noise smoothed by 1 px, of 20, 35 and 50 levels, 0.00, 0.63 and
    0.91; dithering to black and white 0.96.
    Weak spots: weaker noise, noise in colour alone, grains of some 4 px and more; dithering to a palette of 8 colours
    (none found); photographs of one fine texture all over (grass, gravel) pass for noise.

    Cost: 3 ms beyond decoding at 1 megapixel, of which 2 make views that other stages share.

    Source: noise after J. Immerkær, Fast Noise Variance Estimation, 1996, by tiles (`filters.blur`); complexity as
    compressed size is common practice; the two scales are ours. Qwen-Image Technical Report, arXiv 2508.02324, 2025,
    stage 2, drops over-complex texture.
    """

    max_noise: float = 8.5
    max_coarse_noise: float = 8.0
    max_complexity: float = 3.2

    name: ClassVar[str] = "texture"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("noise", 0, 24, "fine noise in flat parts, grey levels"),
        Signal("coarse_noise", 0, 24, "coarse noise in flat parts, grey levels"),
        Signal("complexity", 0, 4, "bits a pixel of luma as JPEG"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtMost("noise", "max_noise", "even its flat parts are noisy"),
        AtMost("coarse_noise", "max_coarse_noise", "even its flat parts are blotchy"),
        AtMost("complexity", "max_complexity", "it is fine texture all over"),
    )

    def __post_init__(self) -> None:
        for field in ("max_noise", "max_coarse_noise", "max_complexity"):
            if not getattr(self, field) >= 0:
                raise ValueError(f"{field} is 0 or more, not {getattr(self, field)}")

    def measure(self, image: Image) -> Signals:
        return {
            "noise": noise_level(image.grey(FINE)),
            "coarse_noise": noise_level(image.grey(COARSE)),
            "complexity": complexity(image.grey(MIDDLE)),
        }


def complexity(grey: Pixels) -> float:
    """Bits a pixel of uint8 [h, w] as JPEG, less what its header takes."""
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    whole, header = cv2.imencode(".jpg", grey, options)[1], cv2.imencode(".jpg", grey[:1, :1], options)[1]
    return 8 * (len(whole) - len(header)) / grey.size
