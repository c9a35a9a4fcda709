"""The released pipeline's way from a prompt to a picture against ours, by all of its parts, of random weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import (
    AutoencoderKLQwenImage,
    FlowMatchEulerDiscreteScheduler,
    QwenImagePipeline,
    QwenImageTransformer2DModel,
)
from transformers import AutoTokenizer, Qwen2_5_VLForConditionalGeneration

from tests.train.small import config
from tests.train.test_flow import SCHEDULER
from tests.vllm import tiny_model
from train import weights
from train.assembly import assemble
from train.condition.qwen import AFTER, BEFORE
from train.config import load
from train.example import tokens
from train.sampling import Wish
from train.world import World

SCALE, STEPS = 4.0, 6
WISHES = [Wish('A red sign that reads "CAT".', 64, 32, 5, "blurred, dark"), Wish("一只猫", 64, 32, 6)]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, QwenImagePipeline]:
    """A folder with the parts, and the pipeline that they make."""
    folder = tmp_path_factory.mktemp("pipeline")
    tiny_model.write(folder / "encoder", [*tiny_model.project_texts(), BEFORE + AFTER])
    torch.manual_seed(0)
    AutoencoderKLQwenImage(base_dim=8, dim_mult=[1, 1, 1, 1], num_res_blocks=1).save_pretrained(folder / "vae")
    sizes = {"num_layers": 2, "num_attention_heads": 2, "attention_head_dim": 16, "axes_dims_rope": (4, 6, 6)}
    network = QwenImageTransformer2DModel(**sizes, joint_attention_dim=tiny_model.WIDTH).eval()
    network.save_pretrained(folder / "transformer")
    tokenizer = AutoTokenizer.from_pretrained(folder / "encoder")
    made = QwenImagePipeline(
        FlowMatchEulerDiscreteScheduler(**SCHEDULER),
        AutoencoderKLQwenImage.from_pretrained(folder / "vae"),
        Qwen2_5_VLForConditionalGeneration.from_pretrained(folder / "encoder", dtype=torch.float32),
        tokenizer,
        network,
    )
    made.prompt_template_encode_start_idx = len(tokenizer(BEFORE).input_ids)  # of this tokenizer, not the published
    made.set_progress_bar_config(disable=True)
    return folder, made


def test_the_same_noise_becomes_the_same_pictures(pipeline: tuple[Path, QwenImagePipeline]) -> None:
    folder, released = pipeline
    settings = [
        f"text={{encoder: qwen, path: {folder / 'encoder'}, precision: float32}}",
        f"latents={{codec: qwen, path: {folder / 'vae'}, precision: float32}}",
        f"samples={{steps: {STEPS}, guidance: {SCALE}}}",
        "times.shift=dynamic",
    ]
    chosen = load(config(folder / "out", folder), settings)
    sampler = assemble(chosen, World(0, 1, 1, torch.device("cpu"))).sampler()
    model = weights.load(folder / "transformer")
    ours, pictures = sampler.latents(model, WISHES), sampler(model, WISHES)
    noise = sampler.noise(WISHES)
    for number, wish in enumerate(WISHES):
        latents, drawn = (
            released(
                prompt=wish.prompt,
                negative_prompt=wish.negative,
                true_cfg_scale=SCALE,
                height=wish.height,
                width=wish.width,
                num_inference_steps=STEPS,
                latents=tokens(noise[number])[None],
                output_type=form,
            ).images[0]
            for form in ("latent", "np")
        )
        torch.testing.assert_close(tokens(ours[number]), latents, atol=1e-4, rtol=0)
        assert np.abs(pictures[number] - 255 * drawn).max() <= 1
        assert latents.std() > 0.5
    assert (ours[0] - ours[1]).abs().max() > 0.1
    assert (sampler.noise(WISHES) - ours).abs().max() > 0.1  # there was something to do
