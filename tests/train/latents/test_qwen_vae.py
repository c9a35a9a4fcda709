"""The Qwen-Image VAE as codec, on weights of its class made at random."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL, AutoencoderKLQwenImage

from train.fields import ConfigError
from train.latents import build
from train.latents.qwen_vae import QwenVAE

SIZES = {"base_dim": 8, "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("vae") / "vae"
    AutoencoderKLQwenImage(**SIZES).save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def codec(folder: Path) -> QwenVAE:
    return QwenVAE(str(folder), precision="float32")


def picture(*shape: int) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_latents_are_the_scaled_mode(folder: Path, codec: QwenVAE) -> None:
    vae = AutoencoderKLQwenImage.from_pretrained(folder)
    pixels = picture(2, 3, 32, 48)
    latents = codec.encode(pixels)
    assert latents.shape == (2, codec.channels, 4, 6) == (2, 16, 4, 6)
    assert torch.equal(latents, codec.encode(pixels))
    with torch.no_grad():
        mode = vae.encode(pixels[:, :, None]).latent_dist.mode()[:, :, 0]
    for channel, (mean, std) in enumerate(zip(vae.config.latents_mean, vae.config.latents_std, strict=True)):
        torch.testing.assert_close(latents[:, channel] * std + mean, mode[:, channel], atol=1e-5, rtol=1e-5)


def test_decoding_is_that_of_the_pipeline(folder: Path, codec: QwenVAE) -> None:
    """The formula of diffusers' QwenImagePipeline."""
    vae = AutoencoderKLQwenImage.from_pretrained(folder)
    latents = torch.randn(1, 16, 3, 2, generator=torch.Generator().manual_seed(2))
    mean = torch.tensor(vae.config.latents_mean).view(1, 16, 1, 1, 1)
    scale = 1.0 / torch.tensor(vae.config.latents_std).view(1, 16, 1, 1, 1)
    with torch.no_grad():
        theirs = vae.decode(latents[:, :, None] / scale + mean, return_dict=False)[0][:, :, 0]
    ours = codec.decode(latents)
    assert ours.shape == (1, 3, 24, 16)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_precision_and_name(folder: Path, codec: QwenVAE, tmp_path: Path) -> None:
    rounded = build({"codec": "qwen", "path": str(folder), "precision": "bf16"})
    pixels = picture(1, 3, 16, 16)
    assert rounded.encode(pixels).dtype == torch.float32
    torch.testing.assert_close(rounded.encode(pixels), codec.encode(pixels), atol=0.05, rtol=0.05)
    assert rounded.name == codec.name
    torch.manual_seed(1)
    AutoencoderKLQwenImage(**SIZES).save_pretrained(tmp_path)
    assert QwenVAE(str(tmp_path)).name != codec.name


def test_a_whole_pipeline_is_a_path_too(folder: Path, codec: QwenVAE) -> None:
    (folder.parent / "model_index.json").write_text("{}")
    assert QwenVAE(str(folder.parent)).name == codec.name


def test_what_is_no_such_vae_is_told_in_one_line(folder: Path, tmp_path: Path) -> None:
    def mistake(path: Path) -> str:
        with pytest.raises(ConfigError) as caught:
            build({"codec": "qwen", "path": str(path)})
        assert "\n" not in str(caught.value)
        assert f"{str(path)!r} holds no Qwen-Image VAE" in str(caught.value)
        return str(caught.value)

    mistake(tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    mistake(empty)
    other = tmp_path / "other"
    AutoencoderKL(block_out_channels=(32,), norm_num_groups=32).save_pretrained(other)
    assert "AutoencoderKL" in mistake(other)
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in folder.iterdir():
        content = file.read_bytes()
        (broken / file.name).write_bytes(content[:1000] if file.suffix == ".safetensors" else content)
    mistake(broken)
    smaller = tmp_path / "smaller"
    AutoencoderKLQwenImage(**{**SIZES, "dim_mult": [1, 1, 1], "temperal_downsample": [False, True]}).save_pretrained(
        smaller
    )
    assert "1/8" in mistake(smaller)


def test_missing_weights_are_not_made_up(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "diffusion_pytorch_model.safetensors")
    del weights["post_quant_conv.weight"]
    save_file(weights, tmp_path / "diffusion_pytorch_model.safetensors", metadata={"format": "pt"})
    (tmp_path / "config.json").write_text(json.dumps(json.loads((folder / "config.json").read_text())))
    with pytest.raises(ValueError, match="weights are missing"):
        QwenVAE(str(tmp_path))
