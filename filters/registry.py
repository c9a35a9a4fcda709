"""All filters by stage name, in the default order of a run. A new filter adds its class here: one line."""

from filters.base import Filter
from filters.dedup import Dedup
from filters.nsfw import NSFW
from filters.text_density import TextDensity

FILTERS: dict[str, type[Filter]] = {
    cls.name: cls
    for cls in (
        Dedup,
        NSFW,
        TextDensity,
    )
}
