"""All filters by stage name, in the default order of a run. A new filter adds its class here: one line."""

from filters.base import Filter
from filters.blur import Blur
from filters.dedup import Dedup
from filters.entropy import Entropy
from filters.exposure import Exposure
from filters.nsfw import NSFW
from filters.text_density import TextDensity
from filters.watermark import Watermark

FILTERS: dict[str, type[Filter]] = {
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
