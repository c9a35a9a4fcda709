"""Things that bear text. Each module makes a few; `CARRIERS` is all of them by name."""

from __future__ import annotations

from synth.compositional.carriers import boards, cloths, packaged, papers, posters, screens, walls
from synth.compositional.carriers.base import Ask, Blank, Carrier

__all__ = ["CARRIERS", "Ask", "Blank", "Carrier"]

CARRIERS: dict[str, Carrier] = {
    carrier.name: carrier
    for module in (papers, posters, boards, packaged, screens, cloths, walls)
    for carrier in module.ALL
}
