"""The VAE of Qwen-Image: diffusers' AutoencoderKLQwenImage, a VAE for video that takes a picture as one frame.

A picture's latents are the mode of its distribution, as in the technical report (arXiv 2508.02324), never a sample:
the same picture always has the same latents. They are scaled by the means and deviations of the VAE's config.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from train import pretrained
from train.latents.base import FACTOR

CLASS = "AutoencoderKLQwenImage"


@dataclass
class QwenVAE:
    """The codec. `path`: a name on the hub or a folder, of the VAE or of a whole pipeline (`Qwen/Qwen-Image`);
    `precision`: in which it computes, by default bf16 on a GPU and float32 on a CPU.

    It runs on the GPU where there is one, and passes no gradients on. Raises ValueError where `path` holds no such VAE.
    """

    path: str
    precision: pretrained.Precision | None = None

    def __post_init__(self) -> None:
        with pretrained.loading(self.path, "Qwen-Image VAE", "diffusers transformers"):
            self._vae = self._load()
        config = self._vae.config
        self.channels: int = config.z_dim
        self.name = f"qwen-vae-{pretrained.fingerprint(self._vae, config.latents_mean, config.latents_std)}"
        self._mean, self._std = (
            torch.tensor(each, device=self._vae.device)[:, None, None]
            for each in (config.latents_mean, config.latents_std)
        )

    def encode(self, pixels: Tensor) -> Tensor:
        """[batch, 3, height, width] in -1..1, sides multiples of 8, to [batch, 16, height/8, width/8] in float32."""
        with torch.no_grad():
            mode = self._vae.encode(self._frame(pixels)).latent_dist.mode()[:, :, 0]
        return (mode.float() - self._mean) / self._std

    def decode(self, latents: Tensor) -> Tensor:
        """[batch, 16, height, width] to [batch, 3, 8 · height, 8 · width] in -1..1, float32."""
        latents = latents.to(self._vae.device).float() * self._std + self._mean
        with torch.no_grad():
            return self._vae.decode(self._frame(latents)).sample[:, :, 0].float()

    def _frame(self, picture: Tensor) -> Tensor:
        """As the VAE takes it: with an axis of frames."""
        return picture[:, :, None].to(self._vae.device, self._vae.dtype)

    def _load(self) -> Any:
        """The VAE."""
        from diffusers import AutoencoderKLQwenImage

        where = pretrained.place(self.path, "vae")
        config = AutoencoderKLQwenImage.load_config(**where)
        if config["_class_name"] != CLASS:
            raise ValueError(f"it is of the class {config['_class_name']}")
        vae, info = AutoencoderKLQwenImage.from_pretrained(
            **where, torch_dtype=pretrained.number_type(self.precision), output_loading_info=True
        )
        pretrained.complete(info)
        if vae.spatial_compression_ratio != FACTOR or vae.config.input_channels != 3:
            raise ValueError(f"it does not turn RGB pictures into latents of 1/{FACTOR} of their side")
        return vae.requires_grad_(False).eval().to(pretrained.device())
