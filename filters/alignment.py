"""Drops images that their caption does not describe, as an image–text model sees it."""

from __future__ import annotations

import math
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

FAMILIES = {"siglip": "SigLIP or SigLIP 2", "siglip2": "SigLIP 2 NaFlex", "chinese_clip": "Chinese-CLIP"}
"""Model types, as the configuration names them, that can be loaded."""

CHINESE_CLIP_TOKENS = 52
"""Tokens Chinese-CLIP was trained to read (`context_length` of its own code); its table has 512 places."""


@dataclass(frozen=True)
class Pair:
    """What the network takes for one image and caption, by argument and without a batch axis."""

    inputs: dict[str, NDArray[Any]]
    truncated: bool


@dataclass(frozen=True)
class Alignment(BatchFilter):
    """Drops images whose caption fits them worse than `min_score`. Images without a caption pass, with NaN signals.

    Signal `score` is the cosine, -1..1, between the model's embeddings of the picture and of its caption. (SigLIP's
    own probability is sigmoid(exp(logit_scale) · score + logit_bias), Chinese-CLIP's logit exp(logit_scale) · score:
    both rise with it, so a threshold on one is a threshold on the other.) Signal `truncated` is 1 where the caption
    is longer than the model reads, else 0. The model then sees its beginning only: the first 64 tokens for SigLIP and
    SigLIP 2, 52 for Chinese-CLIP. Long captions are hence scored by how they begin.

    `model` is the name or the local folder of a Hugging Face model, and its configuration chooses the class:
    SiglipModel (google/siglip2-base-patch16-224 and the other SigLIP 2 of fixed size; SigLIP), Siglip2Model
    (google/siglip2-base-patch16-naflex) or ChineseCLIPModel (OFA-Sys/chinese-clip-vit-base-patch16). SigLIP 2 reads
    many languages, Chinese-CLIP Chinese. Captions are given in lower case, as all of them were trained; SigLIP
    reads no attention mask and pads to its full length, as it was trained. The first SigLIP needs sentencepiece too.

    `min_score` -1 keeps all. No default would be honest: cosines of two models cannot be compared, and none was
    measured here, for want of weights. `curation profile` shows the distribution, `curation calibrate` finds a bound.

    Source: Qwen-Image Technical Report, arXiv 2508.02324, 2025, stage 3; M. Tschannen et al., SigLIP 2, arXiv
    2502.14786, 2025; A. Yang et al., Chinese CLIP, arXiv 2211.01335, 2022.
    Raises ValueError where the model cannot be loaded, lacks weights or is of another kind; ImportError where
    transformers is not installed.
    """

    model: str = "google/siglip2-base-patch16-224"
    min_score: float = -1

    name: ClassVar[str] = "alignment"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("score", -0.2, 0.6, "cosine between image and caption"),
        Signal("truncated", 0, 1, "1 where the model reads only the beginning of the caption"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (AtLeast("score", "min_score", "its caption does not describe it"),)

    def __post_init__(self) -> None:
        if not -1 <= self.min_score <= 1:
            raise ValueError(f"min_score is a cosine between -1 and 1, not {self.min_score}")

    def prepare(self, image: Image) -> Pair | None:
        """The network's input; None without a caption. Loads the model either way, so that a missing one is found."""
        loaded(self.model)
        text = (image.caption or "").strip()
        if not text:
            return None
        tokens, truncated = text_input(self.model, text)
        return Pair(image_input(self.model, image.rgb()) | tokens, truncated)

    def measure_batch(self, prepared: Sequence[Pair | None]) -> list[Signals]:
        pairs = [pair for pair in prepared if pair is not None]
        measured = zip(cosines(self.model, [pair.inputs for pair in pairs]), pairs, strict=True)
        found = iter([{"score": score, "truncated": float(pair.truncated)} for score, pair in measured])
        return [{"score": math.nan, "truncated": math.nan} if pair is None else next(found) for pair in prepared]

    def model_files(self) -> list[Path]:
        return hub.files(self.model)


@cache
def loaded(model: str) -> tuple[Any, Any, Any]:
    """Image processor, tokenizer and network, loaded once a process."""
    kind = hub.load("alignment", model, "AutoConfig").model_type
    if kind not in FAMILIES:
        raise ValueError(f"the alignment model {model!r} is of type {kind}, not one of {', '.join(FAMILIES)}")
    processor, tokenizer = (hub.load("alignment", model, auto) for auto in ("AutoImageProcessor", "AutoTokenizer"))
    return processor, tokenizer, hub.load_network("alignment", model, "AutoModel")


def image_input(model: str, rgb: Pixels) -> dict[str, NDArray[Any]]:
    """As the model's own processor makes it: `pixel_values` float32 [3, h, w], or the patches of NaFlex."""
    processor, _, _ = loaded(model)
    made = processor(images=PIL.Image.fromarray(rgb), return_tensors="np")
    return {key: np.asarray(value[0]) for key, value in made.items()}


def text_input(model: str, text: str) -> tuple[dict[str, NDArray[np.int64]], bool]:
    """Tokens, int64 [length], padded or cut to what the model reads, and whether they were cut."""
    _, tokenizer, network = loaded(model)
    config = network.config
    length, keys = config.text_config.max_position_embeddings, ["input_ids"]
    if config.model_type == "chinese_clip":
        length, keys = min(length, CHINESE_CLIP_TOKENS), ["input_ids", "attention_mask"]
    whole = tokenizer(text.lower(), verbose=False)["input_ids"]
    made = tokenizer(text.lower(), padding="max_length", truncation=True, max_length=length)
    return {key: np.asarray(made[key], np.int64) for key in keys}, len(whole) > length


def cosines(model: str, inputs: Sequence[dict[str, NDArray[Any]]]) -> list[float]:
    """Cosine, -1..1, between the embeddings of the image and the caption of each input."""
    import torch

    _, _, network = loaded(model)
    scores: list[float] = []
    with torch.inference_mode():
        for start in range(0, len(inputs), hub.BATCH):
            rows = inputs[start : start + hub.BATCH]
            batch = {key: torch.from_numpy(np.stack([row[key] for row in rows])).to(network.device) for key in rows[0]}
            out = network(**batch)
            scores += torch.cosine_similarity(out.image_embeds, out.text_embeds).clamp(-1, 1).tolist()
    return scores
