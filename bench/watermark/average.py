"""Writes the network halfway between two that one training led from one to the other.

    python -m bench.watermark.average ONE.onnx OTHER.onnx OUTPUT.onnx

Weights on the way between two ends of a training lie in the same valley, and their middle generalises better than
either end does (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization").
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper


def average(one: Path, other: Path, output: Path) -> None:
    """Raises ValueError where the two files hold different networks."""
    network = onnx.load(one)
    others = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(other).graph.initializer}
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in network.graph.initializer}
    if {name: array.shape for name, array in weights.items()} != {name: array.shape for name, array in others.items()}:
        raise ValueError(f"{one} and {other} hold different networks")
    for tensor in network.graph.initializer:
        if np.issubdtype(weights[tensor.name].dtype, np.floating):
            middle = (weights[tensor.name] + others[tensor.name]) / 2
            tensor.CopyFrom(numpy_helper.from_array(middle, tensor.name))
    onnx.save(network, output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("one", "other", "output"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    average(options.one, options.other, options.output)


if __name__ == "__main__":
    main()
