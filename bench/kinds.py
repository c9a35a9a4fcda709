"""How often the embedded engine's rules tell the kind and the domain of the demo images, whose folders are labels.

    python -m bench.kinds

Prints, for every second image and for the others, how many are right, then the table of mistakes.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from annotate import kinds
from curation.annotation.prepare import gather, read
from filters.image import Image

DEMO = Path(__file__).parents[1] / "demo/images"
TYPES = {"art": "illustration", "design": "illustration", "document": "document", "slides": "slide", "ui": "screenshot"}
DESIGN = tuple(TYPES)
EXCEPTIONS = {
    "wp21_daffodils": "painting",
    "wp21_self_portrait_1885": "painting",
    "wp21_young_woman_in_mauve": "painting",
    "wp25_book_image": "poster",
    "wp25_location": "illustration",
}
"""File names that are of another type than their folder."""


def expected(path: Path) -> tuple[str, str]:
    """Type and top of the domain."""
    folder = path.parent.name
    top = "Design" if folder in DESIGN else "People" if folder == "people" else "Nature"
    return EXCEPTIONS.get(path.stem, TYPES.get(folder, "photo")), top


def judged(path: Path) -> tuple[str, str]:
    """What the rules say."""
    image = Image(path.read_bytes())
    evidence = gather(image, read(image), wants_looks=True)
    assert evidence.looks is not None
    kind = kinds.image_type(evidence, evidence.looks)
    return kind, kinds.domain(kind, evidence, evidence.looks).partition("/")[0]


def main() -> None:
    paths = sorted(DEMO.glob("*/*.*"))
    pairs = [(expected(path), judged(path)) for path in paths]
    for what, index in (("type", 0), ("domain", 1)):
        for start, half in enumerate(("tuning", "held out")):
            right = [label[index] == said[index] for label, said in pairs[start::2]]
            print(f"{what} {half}: {sum(right)} of {len(right)}")
        for (label, said), count in Counter((label[index], said[index]) for label, said in pairs).most_common():
            print(f"  {label:>12} called {said:12} {count}")


if __name__ == "__main__":
    main()
