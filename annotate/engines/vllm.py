"""vLLM inside this process, one engine a worker: for batch jobs on machines with a GPU of their own.

Requests go to vLLM's asynchronous engine one by one, so a slot that is free takes the next image at once and no
image waits for the slowest of a batch.
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import itertools
import os
from typing import Any

import numpy as np

from annotate.engine import EngineError, EngineGone, ItemError, Reply, Request
from annotate.picture import picture
from annotate.prompt import Prompt

CONTEXT = 8192
"""Tokens of prompt and reply together: the largest picture, all instructions and a second reply of 4,096 fit."""


class VLLM:
    """Runs `model` (a folder or a name on the Hugging Face hub) in this process, for questions of `prompt`.

    `slots`: replies written at once. `arguments` are passed to `vllm.AsyncEngineArgs` and go before ours.
    """

    wants_picture = True

    def __init__(self, model: str, prompt: Prompt, slots: int = 512, **arguments: Any):
        self.model = model
        self._prompt = prompt
        self._arguments = {"max_model_len": CONTEXT, "max_num_seqs": slots, **arguments}
        self._numbers = itertools.count()
        self._engine: Any = None

    async def start(self) -> None:
        """Loads the model, minutes where it is large, and asks it once. Raises EngineError."""
        try:
            self._engine = _load(self.model, self._arguments)
            self._loop = asyncio.get_running_loop()
            atexit.register(self._at_exit)  # else Python ends the engine's processes before us, and vLLM complains
            if not self._engine.model_config.is_multimodal_model:
                raise EngineError(f"{self.model} reads no images: name a model such as Qwen/Qwen2.5-VL-7B-Instruct")
            await self._generate(_question(self._prompt))
        except EngineError:
            await self.close()
            raise
        except Exception as error:
            await self.close()
            raise EngineError(f"vLLM cannot annotate with {self.model}: {_line(error)}") from error

    async def ask(self, request: Request) -> Reply:
        """The reply to `request`. Raises ItemError if vLLM refuses it, EngineGone if its engine died."""
        try:
            return await self._generate(request)
        except Exception as error:
            if self._engine.errored:
                raise EngineGone(f"vLLM's engine stopped: {_line(error)}") from error
            raise ItemError(f"vLLM refused the request: {_line(error)}") from error

    async def close(self) -> None:
        """Stops the engine's processes."""
        atexit.unregister(self._at_exit)
        if self._engine is not None:
            self._engine.shutdown()
            self._engine = None

    def _at_exit(self) -> None:
        if self._loop.is_running():
            asyncio.run_coroutine_threadsafe(self.close(), self._loop).result(30)

    async def _generate(self, request: Request) -> Reply:
        prompt = await self._render(request)
        outputs = [
            output async for output in self._engine.generate(prompt, _sampling(request), str(next(self._numbers)))
        ]
        (reply,) = outputs[-1].outputs
        return Reply(reply.text, reply.finish_reason, len(outputs[-1].prompt_token_ids), len(reply.token_ids))

    async def _render(self, request: Request) -> Any:
        """The prompt with its picture, as the engine takes it. vLLM does the work in threads."""
        from vllm.renderers import ChatParams

        renderer = self._engine.renderer
        template = ChatParams(chat_template_kwargs={"add_generation_prompt": True})
        tokens = renderer.default_chat_tok_params.with_kwargs(add_special_tokens=False)  # the template writes them
        _, (prompt,) = await renderer.render_chat_async([_messages(request)], template, tokens)
        return prompt


def _load(model: str, arguments: dict[str, Any]) -> Any:
    """vLLM's engine with `model`. Structured output by guidance: xgrammar, the default, writes no `\\"` in strings of
    bounded length."""
    os.environ.setdefault("VLLM_WORKER_MULTIPROC_METHOD", "spawn")  # workers have threads, which a fork would break
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "WARNING")
    try:
        from vllm import AsyncEngineArgs, AsyncLLMEngine
        from vllm.config import StructuredOutputsConfig
    except ImportError as error:
        raise EngineError(f"the engine vllm needs vLLM: pip install 'qwen-curation[vllm]' ({_line(error)})") from error
    ours = {
        "limit_mm_per_prompt": {"image": 1, "video": 0},
        "structured_outputs_config": StructuredOutputsConfig(backend="guidance", disable_any_whitespace=True),
        "disable_log_stats": True,
        "seed": 0,
    }
    return AsyncLLMEngine.from_engine_args(AsyncEngineArgs(model=model, **ours | _for_cpu() | arguments))


def _for_cpu() -> dict[str, Any]:
    """vLLM's CPU engine dies of a request with a seed whose prompt it reads in chunks, and compiles for minutes."""
    from vllm.platforms import current_platform

    return {"enable_chunked_prefill": False, "enforce_eager": True} if current_platform.is_cpu() else {}


def _messages(request: Request) -> list[dict[str, Any]]:
    """The chat. What all images have in common comes first, so that vLLM computes it once."""
    if request.picture is None:
        raise ItemError("a vision model cannot be asked without a picture")
    prompt = request.prompt
    url = "data:image/jpeg;base64," + base64.b64encode(request.picture.jpeg).decode()
    question = [
        {"type": "text", "text": prompt.instructions},
        {"type": "image_url", "image_url": {"url": url}},
        {"type": "text", "text": prompt.after_image(request.raw_caption, bool(request.known_text))},
    ]
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": question}]


def _sampling(request: Request) -> Any:
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams

    prompt = request.prompt
    return SamplingParams(
        temperature=prompt.temperature,
        top_p=prompt.top_p,
        seed=request.seed,
        max_tokens=request.max_tokens,
        structured_outputs=StructuredOutputsParams(json=prompt.schema(prompt.fuses(request.raw_caption))),
        output_kind=RequestOutputKind.FINAL_ONLY,
    )


def _question(prompt: Prompt) -> Request:
    """A question about a grey square: it shows that the model takes pictures and that the schema is understood."""
    square = picture(np.full((448, 448, 3), 128, np.uint8))
    return Request("", prompt, square, None, None, seed=0, max_tokens=16)


def _line(error: Exception) -> str:
    """The error in one line of at most 300 characters."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
