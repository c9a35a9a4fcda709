"""The command that trains the watermark detector, on the demo's images, for a step or two."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from bench.accuracy.lettering import packaged
from bench.watermark import train
from filters import text_detector


def trained(monkeypatch: pytest.MonkeyPatch, steps: int, made: Path) -> Path:
    monkeypatch.setattr(train, "BATCH", 4)
    arguments = ["--fonts", *map(str, packaged()), "--steps", str(steps), "--output", str(made)]
    monkeypatch.setattr(sys, "argv", ["train", *arguments])
    train.main()
    return made


def test_training_gives_a_network_that_the_filter_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = trained(monkeypatch, 2, tmp_path / "watermark.onnx")
    session = onnxruntime.InferenceSession(made, providers=["CPUExecutionProvider"])
    pixels = np.random.default_rng(1).integers(0, 256, (96, 160, 3), np.uint8)
    scaled = text_detector.network_pixels(pixels)
    tensors = (scaled.transpose(2, 0, 1), *text_detector.read(pixels).features)
    given = {entry.name: tensor[None] for entry, tensor in zip(session.get_inputs(), tensors, strict=True)}
    score, mask = session.run(None, given)
    assert 0 < score.item() < 1
    assert mask.shape == (1, 1, scaled.shape[0] // 8, scaled.shape[1] // 8)
    assert ((mask > 0) & (mask < 1)).all()


def test_a_longer_training_goes_on_from_the_last_step_at_full_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "WARM_UP", 1)
    monkeypatch.setattr(train, "EXPORT", 1)
    made = trained(monkeypatch, 4, tmp_path / "watermark.onnx")
    assert torch.load(made.with_suffix(".pt"))["step"] == 2
    steps = []
    learn = train.Training.learn
    monkeypatch.setattr(train.Training, "learn", lambda self, batch: steps.append(self.step) or learn(self, batch))
    trained(monkeypatch, 6, made)
    assert steps == [2, 3, 4, 5]
