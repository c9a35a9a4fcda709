"""All filters by stage name. A new filter adds its class here: one line.

Those of `DEFAULT` run where a recipe names none, in this order; the others only where it does.
"""

from filters.base import Filter
from filters.blur import Blur
from filters.dedup import Dedup
from filters.entropy import Entropy
from filters.exposure import Exposure
from filters.nsfw import NSFW
from filters.text_accuracy import TextAccuracy
from filters.text_density import TextDensity
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

OTHERS: dict[str, type[Filter]] = {cls.name: cls for cls in (TextAccuracy,)}

FILTERS = DEFAULT | OTHERS
