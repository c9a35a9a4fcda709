"""Drops images that a published predictor of aesthetics rates low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from filters import hub
from filters.base import AtLeast, BatchFilter, Limit, Signal, Signals
from filters.image import Image, Pixels


@dataclass(frozen=True)
class Aesthetic(BatchFilter):
    """Drops images with an aesthetic score below `min_score`.

    `model` is the name or the local folder of a Hugging Face model that AutoModelForImageClassification loads. Where
    it has one output, the signal `score` is that number as it comes, on the scale the model was trained for. Where it
    has classes, `label` names one, and `score` is its probability, 0..1 (softmax over all).

    Public models of either kind: trojblue/distill-q-align-aesthetic-siglip2-base (the default; SigLIP 2 with one
    output, taught Q-Align's ratings from 1, bad, to 5, excellent), cafeai/cafe_aesthetic (BEiT; label "aesthetic"),
    shadowlilac/aesthetic-shadow (ViT for drawings; label "hq"). LAION's predictors and Aesthetic Predictor V2.5 put
    a head of their own on CLIP and SigLIP, for which transformers has no class, and are refused. So is a bare
    encoder, whose head would be chance.

    `min_score` 0 keeps all of a scale from 1 to 5 or of probabilities. No default would be honest: the scales differ,
    and none was measured here, for want of weights. `curation profile` shows the distribution, `curation calibrate`
    finds a bound.

    Source: Qwen-Image Technical Report, arXiv 2508.02324, 2025, stage 5; H. Wu et al., Q-Align, arXiv 2312.17090, 2023.
    Raises ValueError where the model cannot be loaded, lacks weights, or `label` is missing, unknown or not needed;
    ImportError where transformers is not installed.
    """

    model: str = "trojblue/distill-q-align-aesthetic-siglip2-base"
    label: str = ""
    min_score: float = 0

    name: ClassVar[str] = "aesthetic"
    signals: ClassVar[tuple[Signal, ...]] = (Signal("score", 0, 5, "aesthetic score, on the model's own scale"),)
    limits: ClassVar[tuple[Limit, ...]] = (AtLeast("score", "min_score", "it is rated less beautiful than asked for"),)

    def prepare(self, image: Image) -> dict[str, NDArray[Any]]:
        """The network's input by argument, without a batch axis, as the model's own processor makes it."""
        return image_input(self.model, image.rgb())

    def measure_batch(self, prepared: Sequence[dict[str, NDArray[Any]]]) -> list[Signals]:
        return [{"score": score} for score in scores(self.model, self.label, prepared)]

    def model_files(self) -> list[Path]:
        return hub.files(self.model)


@cache
def loaded(model: str) -> tuple[Any, Any]:
    """Image processor and network, loaded once a process."""
    hub.load("aesthetic", model, "AutoConfig")  # of a model that is not there, this fails soonest and says it best
    processor = hub.load("aesthetic", model, "AutoImageProcessor")
    return processor, hub.load_network("aesthetic", model, "AutoModelForImageClassification")


def image_input(model: str, rgb: Pixels) -> dict[str, NDArray[Any]]:
    processor, _ = loaded(model)
    made = processor(images=PIL.Image.fromarray(rgb), return_tensors="np")
    return {key: np.asarray(value[0]) for key, value in made.items()}


def scores(model: str, label: str, inputs: Sequence[dict[str, NDArray[Any]]]) -> list[float]:
    """The signal `score` of each input of `image_input`."""
    import torch

    _, network = loaded(model)
    output = wanted(model, network.config.id2label, label)
    found: list[float] = []
    with torch.inference_mode():
        for start in range(0, len(inputs), hub.BATCH):
            rows = inputs[start : start + hub.BATCH]
            batch = {key: torch.from_numpy(np.stack([row[key] for row in rows])).to(network.device) for key in rows[0]}
            logits = network(**batch).logits
            found += (logits[:, 0] if output is None else logits.softmax(-1)[:, output]).tolist()
    return found


def wanted(model: str, id2label: dict[int, str], label: str) -> int | None:
    """The class whose probability is the score; None where the model has one output, which is the score itself."""
    if len(id2label) == 1:
        if label:
            raise ValueError(f"leave label out: {model!r} has one output and no classes")
        return None
    classes = {name.lower(): index for index, name in id2label.items()}
    if label.lower() not in classes:
        said = f"has no label {label}" if label else "has classes: set label to one of them"
        raise ValueError(f"{model!r} {said}; it has {', '.join(id2label.values())}")
    return classes[label.lower()]
