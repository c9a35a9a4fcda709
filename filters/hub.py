"""Models of the Hugging Face hub, loaded by name or from a local folder, for the filters that need one.

Only what transformers itself can build: code that lies beside the weights is never run. A network of which a part
has no weights in the checkpoint is refused, where transformers would fill it with chance and score all the same.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

BATCH = 16
"""Images a forward pass takes at once."""


def load(stage: str, model: str, auto: str) -> Any:
    """What the class `auto` of transformers makes of `model`: "AutoConfig", "AutoTokenizer" or "AutoImageProcessor".

    Raises ImportError without transformers, ValueError where it cannot be loaded: one line either way.
    """
    return _load(stage, model, auto)


def load_network(stage: str, model: str, auto: str) -> Any:
    """A network in float32, for inference, on the GPU where there is one. Raises as `load` does."""
    network, info = _load(stage, model, auto, dtype="float32", output_loading_info=True)
    if missing := sorted(info["missing_keys"]):
        raise ValueError(
            f"the {stage} model {model!r} cannot be used: its weights have no {missing[0]}"
            + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
        )
    import torch

    torch.set_num_threads(1)  # the runner's workers are the parallelism
    return network.eval().to("cuda" if torch.cuda.is_available() else "cpu")


def files(model: str) -> list[Path]:
    """The files of a local folder; none for a hub name, whose files lie in the hub's own cache."""
    folder = Path(model)
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _load(stage: str, model: str, auto: str, **options: Any) -> Any:
    try:
        import torch  # noqa: F401  transformers imports without it, and fails later in many lines
        import transformers
    except ImportError as error:
        raise ImportError(f'the {stage} filter needs transformers: pip install "qwen-curation[hub]"') from error
    try:
        options |= {"trust_remote_code": False, "local_files_only": _offline()}
        return getattr(transformers, auto).from_pretrained(model, **options)
    except Exception as error:  # besides OSError and ValueError, whatever a parser makes of a broken file
        lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        raise ValueError(f"the {stage} model {model!r} cannot be loaded: {lines[0].strip()}") from error


def _offline() -> bool:
    """Asked at each call, because huggingface_hub looks only when it is imported, which may be long before."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")
