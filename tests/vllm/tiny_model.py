"""Writes a Qwen2.5-VL (arXiv 2502.13923) of random weights, small enough for a CPU: 2 layers, width 128, under 3 MB.

What it writes means nothing; all else is the real thing: architecture, special tokens, chat template, image
processor, M-RoPE. Use: python tests/vllm/tiny_model.py FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

END, START, PAD = "<|im_end|>", "<|im_start|>", "<|endoftext|>"
VISION = ("<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>")
PLACES = ("object_ref", "box", "quad")
SPECIAL = [PAD, START, END, *(f"<|{place}_{side}|>" for place in PLACES for side in ("start", "end")), *VISION]
"""Qwen2.5-VL's special tokens, in its order."""

WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""How Qwen2.5's tokenizer splits text before it merges."""

MERGED = 1024
"""Size of the vocabulary without the special tokens: enough to write the prompts in few tokens."""

WIDTH = 128
QUOTE_LOGIT = 1.2
"""Raises the logit of the quotation mark, so that strings end long before their bounds."""

TEMPLATE = """\
{%- for message in messages -%}
{%- if loop.first and message['role'] != 'system' -%}
{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}
{%- endif -%}
{{ '<|im_start|>' + message['role'] + '\\n' }}
{%- if message['content'] is string -%}
{{ message['content'] }}
{%- else -%}
{%- for part in message['content'] -%}
{%- if part['type'] == 'image' or 'image' in part or 'image_url' in part -%}
{{ '<|vision_start|><|image_pad|><|vision_end|>' }}
{%- elif part['type'] == 'video' or 'video' in part -%}
{{ '<|vision_start|><|video_pad|><|vision_end|>' }}
{%- elif 'text' in part -%}
{{ part['text'] }}
{%- endif -%}
{%- endfor -%}
{%- endif -%}
{{ '<|im_end|>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}{%- endif -%}
"""
"""Writes what the published chat template writes (there with optional numbers for the pictures, which nobody asks
for)."""


def write(folder: Path, texts: Iterable[str]) -> None:
    """A checkpoint in `folder`; its vocabulary is learnt from `texts`. The same texts give the same weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = vocabulary(texts)
    write_tokenizer(folder, tokens)
    network(tokens).save_pretrained(folder)
    pixels = {
        "image_processor_type": "Qwen2VLImageProcessor",
        "processor_class": "Qwen2_5_VLProcessor",
        "min_pixels": 4 * 28**2,
        "max_pixels": 16384 * 28**2,
        "patch_size": 14,
        "temporal_patch_size": 2,
        "merge_size": 2,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(pixels))


def vocabulary(texts: Iterable[str]) -> Tokenizer:
    """A byte-level BPE like Qwen2.5's, but of `MERGED` tokens."""
    tokens = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(WORDS), "isolated")
    as_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokens.pre_tokenizer = pre_tokenizers.Sequence([split, as_bytes])
    tokens.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=MERGED, initial_alphabet=alphabet, show_progress=False)
    tokens.train_from_iterator(texts, trainer)
    tokens.add_special_tokens(SPECIAL)
    return tokens


def write_tokenizer(folder: Path, tokens: Tokenizer) -> None:
    """The tokenizer's files, with the chat template, under the name of Qwen's class."""
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokens, eos_token=END, pad_token=PAD, model_max_length=32768)
    wrapped.chat_template = TEMPLATE
    wrapped.save_pretrained(folder)
    config = folder / "tokenizer_config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"tokenizer_class": "Qwen2Tokenizer"}))


def network(tokens: Tokenizer) -> Qwen2_5_VLForConditionalGeneration:
    """The network with its random weights, in bfloat16."""
    torch.manual_seed(0)
    model = Qwen2_5_VLForConditionalGeneration(config(tokens)).to(torch.bfloat16).eval()
    model.generation_config.eos_token_id = [tokens.token_to_id(END), tokens.token_to_id(PAD)]
    model.generation_config.pad_token_id = tokens.token_to_id(PAD)
    favour(model, tokens.token_to_id('"'))
    return model


@torch.no_grad()
def favour(model: Qwen2_5_VLForConditionalGeneration, token: int) -> None:
    """Makes `token` likelier everywhere. The first number of every embedding is made constant, so the head's first
    column acts as a bias."""
    embeddings, head = model.get_input_embeddings().weight, model.get_output_embeddings().weight
    spread = embeddings.std()
    embeddings[:, 0] = 4 * spread
    head[:, 0] = 0
    head[token, 0] = QUOTE_LOGIT / 4


def config(tokens: Tokenizer) -> Qwen2_5_VLConfig:
    """As the published one of 7B (head not tied to the embeddings), in small."""
    size = tokens.get_vocab_size(with_added_tokens=True)
    text = {
        "vocab_size": (size + 127) // 128 * 128,
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 32768,
        "rope_parameters": {"rope_type": "default", "mrope_section": [4, 6, 6], "rope_theta": 1e6},
        "bos_token_id": tokens.token_to_id(PAD),
        "eos_token_id": tokens.token_to_id(END),
        "pad_token_id": tokens.token_to_id(PAD),
        "tie_word_embeddings": False,
    }
    vision = {
        "depth": 2,
        "hidden_size": 64,
        "num_heads": 2,
        "intermediate_size": 128,
        "out_hidden_size": WIDTH,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "window_size": 112,
        "fullatt_block_indexes": [1],
        "tokens_per_second": 2,
        "in_channels": 3,
        "hidden_act": "silu",
    }
    return Qwen2_5_VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=tokens.token_to_id("<|image_pad|>"),
        video_token_id=tokens.token_to_id("<|video_pad|>"),
        vision_start_token_id=tokens.token_to_id("<|vision_start|>"),
        vision_end_token_id=tokens.token_to_id("<|vision_end|>"),
        vision_token_id=tokens.token_to_id("<|vision_pad|>"),
        tie_word_embeddings=False,
    )


def project_texts() -> list[str]:
    """What the model is asked, and what it writes: every prompt, and the schema's words."""
    home = Path(__file__).parents[2] / "annotate"
    return [file.read_text(encoding="utf-8") for file in (*home.glob("*.md"), *home.glob("schema.json"))]


if __name__ == "__main__":
    write(Path(sys.argv[1]), project_texts())
