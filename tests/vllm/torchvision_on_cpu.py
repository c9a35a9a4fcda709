"""Start-up hook of the environment of `make test-vllm`: makes torchvision's CUDA build import beside a torch without.

torchvision registers shape functions for its operators `nms` and `qnms` as it is imported. They are defined in its
compiled part, which does not load without CUDA's libraries, so the import dies. With their schemas declared first it
goes through. The operators themselves stay missing; neither vLLM nor transformers calls them for Qwen2.5-VL.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


class DeclareOperators(MetaPathFinder):
    """Sees the first import of torchvision, declares the operators and steps aside."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Never finds a module itself."""
        if name != "torchvision":
            return
        sys.meta_path.remove(self)
        import torch

        if torch.version.cuda is None:
            operators = torch.library.Library("torchvision", "FRAGMENT")
            for operator in ("nms", "qnms"):
                operators.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            KEPT.append(operators)


KEPT: list[object] = []
"""Torch forgets a library's operators with the library."""

sys.meta_path.insert(0, DeclareOperators())
