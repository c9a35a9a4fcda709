"""Measures the shipped watermark detector on pictures, fonts and drawings that its training never saw.

    python -m bench.watermark.measure --packages FOLDER --fonts FOLDER …

Prints the threshold that lets 2 % of the validation part's clean images go, then, at the filter's default
threshold and others, recall by kind of watermark and false alarms by kind of clean image on the test part.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.watermark.artist import KINDS
from bench.watermark.samples import Sources, find_sources, sample
from filters import text_detector
from filters.image import Image
from filters.watermark import Watermark, score

SHAPES = ((640, 640), (640, 480), (640, 416), (480, 640), (416, 640))
"""Width and height of the samples: square, 4:3, 3:2 and their uprights."""

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


def watermarked(sources: Sources, count: int, seed: int) -> Scores:
    """Scores of `count` samples of each kind of watermark, half of them also with legitimate lettering."""
    half = count // 2
    return {
        kind: np.concatenate([drawn(sources, kind, False, half, seed), drawn(sources, kind, True, half, seed + 1)])
        for kind in KINDS
    }


def clean(sources: Sources, count: int, seed: int) -> Scores:
    """Scores of `count` samples with legitimate lettering, and of up to `count` files of each group as they are."""
    rng = np.random.default_rng(seed)
    scores = {"lettering drawn in": drawn(sources, None, True, count, seed)}
    for name, files in dict(sources.pictures).items():
        scores[name] = untouched([files[i] for i in rng.permutation(len(files))[:count]])
    return scores


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

    validation = clean(find_sources(options.packages, options.fonts, "validation"), options.count, seed=10)
    quantile = np.quantile(np.concatenate([*validation.values()]), 0.98)
    print(f"2 % of the validation part's clean images score above {quantile:.3f}", flush=True)

    sources, bound = find_sources(options.packages, options.fonts, "test"), Watermark().max_score
    marked, plain = watermarked(sources, options.count, seed=20), clean(sources, 2 * options.count, seed=30)
    positive, negative = np.concatenate([*marked.values()]), np.concatenate([*plain.values()])
    print(f"test part: AUC {area_under_curve(positive, negative):.3f}; share above each max_score:")
    bounds = sorted({0.5, 0.7, 0.8, 0.9, 0.95, bound})
    print(" " * 45 + "".join(f"{bound:8.3g}" for bound in bounds))
    for title, groups in (("recall", {**marked, "all": positive}), ("false alarms", {**plain, "all": negative})):
        for name, values in groups.items():
            shares = "".join(f"{(values > bound).mean():8.3f}" for bound in bounds)
            print(f"{title + ', ' + name:37}{len(values):8}{shares}")


if __name__ == "__main__":
    main()
