"""The text encoder of Qwen-Image: the last hidden states of Qwen2.5-VL, by the published template (arXiv 2508.02324).

Only the language model is kept. Vectors of the template's first part are dropped, those of the caption and of what ends
the template are what the model attends to, as diffusers' QwenImagePipeline has it. Nothing is padded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from train import pretrained

BEFORE = (
    "<|im_start|>system\nDescribe the image by detailing the color, shape, size, texture, quantity, text, spatial "
    "relationships of the objects and background:<|im_end|>\n<|im_start|>user\n"
)
"""34 tokens of Qwen2.5's tokenizer."""

AFTER = "<|im_end|>\n<|im_start|>assistant\n"

LIMIT = 1024
"""Tokens of a caption with AFTER."""

KIND = "qwen2_5_vl"


@dataclass
class Qwen:
    """The encoder. `path`: a name on the hub or a folder, of the model (`Qwen/Qwen2.5-VL-7B-Instruct`) or of a whole
    pipeline (`Qwen/Qwen-Image`); `precision`: in which it computes and answers, by default bf16 on a GPU and
    float32 on a CPU.

    It runs on the GPU where there is one. Raises ValueError where `path` holds no Qwen2.5-VL.
    """

    path: str
    precision: pretrained.Precision | None = None
    limit = LIMIT

    def __post_init__(self) -> None:
        with pretrained.loading(self.path, "Qwen2.5-VL", "transformers"):
            self._tokens, self._model = self._load()
        self._before = len(self._tokens(BEFORE).input_ids)
        self.width: int = self._model.config.hidden_size
        self.name = f"qwen2.5-vl-{pretrained.fingerprint(self._model)}"

    def encode(self, captions: Sequence[str]) -> list[Tensor]:
        """For each caption [tokens, width], at most LIMIT tokens, on the encoder's device. All are run as one batch."""
        texts = [BEFORE + caption + AFTER for caption in captions]
        most = self._before + LIMIT
        rows = [torch.tensor(row) for row in self._tokens(texts, truncation=True, max_length=most).input_ids]
        batch = pad_sequence(rows, batch_first=True).to(self._model.device)
        with torch.no_grad():
            # No mask: attention is causal, so that tokens do not see the padding behind them.
            states = self._model(input_ids=batch, use_cache=False).last_hidden_state
        return [state[self._before : len(row)] for state, row in zip(states, rows, strict=True)]

    def _load(self) -> tuple[Any, Any]:
        """The tokenizer and the language model."""
        from transformers import AutoConfig, AutoTokenizer, Qwen2_5_VLForConditionalGeneration

        where = pretrained.place(self.path, "text_encoder")
        kind = AutoConfig.from_pretrained(**where).model_type
        if kind != KIND:
            raise ValueError(f"its config is of the type {kind!r}")
        loader: Any = Qwen2_5_VLForConditionalGeneration  # its annotations deny that it gives a report too
        model, info = loader.from_pretrained(
            **where, dtype=pretrained.number_type(self.precision), output_loading_info=True
        )
        pretrained.complete(info)
        tokens = AutoTokenizer.from_pretrained(**pretrained.place(self.path, "tokenizer"))
        return tokens, model.model.language_model.requires_grad_(False).eval().to(pretrained.device())
