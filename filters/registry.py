"""All filters by stage name. A new filter adds its class here: one line.

Those of `DEFAULT` run where a recipe names none, in this order; the others only where it does.
"""

from filters.abnormal import Abnormal
from filters.aesthetic import Aesthetic
from filters.alignment import Alignment
from filters.base import Filter
from filters.blur import Blur
from filters.caption import Caption
from filters.category import Category
from filters.compression import Compression
from filters.dedup import Dedup
from filters.entropy import Entropy
from filters.exposure import Exposure
from filters.face import Faces
from filters.file_size import FileSize
from filters.nsfw import NSFW
from filters.resolution import Resolution
from filters.rotation import Rotation
from filters.saturation import Saturation
from filters.text_accuracy import TextAccuracy
from filters.text_density import TextDensity
from filters.text_language import TextLanguage
from filters.texture import Texture
from filters.watermark import Watermark

DEFAULT: dict[str, type[Filter]] = {
    cls.name: cls
    for cls in (
        Dedup,
        NSFW,
        Entropy,
        Blur,
        Exposure,
        Watermark,
        TextDensity,
    )
}

OTHERS: dict[str, type[Filter]] = {
    cls.name: cls
    for cls in (
        FileSize,
        Resolution,
        Rotation,
        Saturation,
        Texture,
        Compression,
        Abnormal,
        Caption,
        TextAccuracy,
        Faces,
        TextLanguage,
        Category,
        Alignment,
        Aesthetic,
    )
}

FILTERS = DEFAULT | OTHERS
