"""Measures the shipped watermark detector on pictures, fonts and drawings that its training never saw.

    python -m filters.models.measure_watermark --packages FOLDER --fonts FOLDER …

Prints the threshold that lets 2 % of the validation part's clean images go, then, at the filter's default
threshold, recall by kind of watermark and false alarms by kind of clean image on the test part.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from filters import text_detector
from filters.image import Image
from filters.models.watermark_artist import KINDS
from filters.models.watermark_samples import SHAPES, Sources, find_sources, sample
from filters.watermark import Watermark, score

Scores = dict[str, NDArray[np.float64]]


def drawn(sources: Sources, kind: str | None, lettered: bool, count: int, seed: int) -> NDArray[np.float64]:
    """Scores of `count` fresh samples."""
    scores = []
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        pixels, mask = sample(sources, rng, SHAPES[rng.integers(len(SHAPES))], kind, lettered)
        if kind is None or (mask > 0.3).any():
            scores.append(score(pixels, text_detector.read(pixels)))
    return np.array(scores)


def untouched(files: list[Path]) -> NDArray[np.float64]:
    """Scores of picture files as they are, through the filter itself."""
    scores = [Watermark().measure(Image(path.read_bytes()))["score"] for path in files]
    return np.array([value for value in scores if not np.isnan(value)])


def measure(sources: Sources, count: int, seed: int) -> tuple[Scores, Scores]:
    """Scores by kind: of watermarked samples (half of them also lettered), and of clean images."""
    marked = {
        kind: np.concatenate(
            [drawn(sources, kind, lettered, count // 2, seed + lettered) for lettered in (False, True)]
        )
        for kind in KINDS
    }
    clean = {"lettering drawn in": drawn(sources, None, True, 3 * count, seed + 2)}
    for name, group in dict(sources.pictures).items():
        clean[name] = untouched(list(group)[: 3 * count])
    return marked, clean


def area_under_curve(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """The probability that a watermarked image scores higher than a clean one (ROC AUC)."""
    return float((positive[:, None] > negative).mean() + (positive[:, None] == negative).mean() / 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="folder the packages were unpacked into")
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts")], help="folders of fonts")
    parser.add_argument("--count", type=int, default=100, help="samples of each kind of watermark")
    options = parser.parse_args()
    cv2.setNumThreads(1)

    _, clean = measure(find_sources(options.packages, options.fonts, "validation"), options.count // 2, seed=10)
    bound = np.quantile(np.concatenate([*clean.values()]), 0.98)
    print(f"2 % of the validation part's clean images score above {bound:.3f}")

    marked, clean = measure(find_sources(options.packages, options.fonts, "test"), options.count, seed=20)
    positive, negative = np.concatenate([*marked.values()]), np.concatenate([*clean.values()])
    bound = Watermark().max_score
    print(f"test part: AUC {area_under_curve(positive, negative):.3f}; at max_score {bound}:")
    for title, group in (("recall", marked), ("false alarms", clean)):
        for name, values in group.items():
            print(f"  {title}, {name}: {(values > bound).mean():.3f} of {len(values)}")
    caught, alarms = (positive > bound).mean(), (negative > bound).mean()
    print(
        f"  recall {caught:.3f}, false alarms {alarms:.3f}, precision at equal numbers {caught / (caught + alarms):.3f}"
    )


if __name__ == "__main__":
    main()
