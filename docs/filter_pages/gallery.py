"""What the pages show, by stage, and what else is to be said of it."""

from __future__ import annotations

from docs.filter_pages import gallery_content, gallery_default, gallery_quality

MAKERS = gallery_default.MAKERS | gallery_quality.MAKERS | gallery_content.MAKERS
"""Functions without arguments that give the rows of pictures of a stage."""

HUB = ("alignment", "aesthetic")
"""Stages that are nothing without a model of the Hugging Face hub."""

NOTES = {
    "nsfw": (
        "No picture here is explicit, and none was at hand: what can be shown is that clean ones are kept. An `engine` "
        "of the Hugging Face hub needs weights that are not part of this package; no score of one stands here.",
    ),
    "dedup": (
        "Each picture is compared with the nearest before it that is as it is. `distance` stands here for all of them, "
        "of those that are kept that of the hashes; a run records it of duplicates alone.",
    ),
}
"""What else is to be said of the pictures."""
