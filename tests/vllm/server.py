"""vLLM's own server as a process that can be started, killed and started again on the same port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

ON_CPU = {
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",  # with a thread a core the tiny model is eight times slower
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "VLLM_NO_USAGE_STATS": "1",
}
"""Environment of vLLM on a small CPU. The cache of keys and values is given in GiB."""

FLAGS = [
    *("--enforce-eager", "--max-model-len", "4096", "--max-num-seqs", "16"),
    *("--limit-mm-per-prompt", '{"image":1,"video":0}'),
    *("--no-enable-chunked-prefill", "--max-num-batched-tokens", "16384"),
]
"""vLLM 0.32's CPU engine dies of a request with a seed if it reads the prompt in chunks."""

GUIDANCE = ["--structured-outputs-config", '{"backend":"guidance","disable_any_whitespace":true}']

PATIENCE = 300
"""Seconds until a server must be up."""


class Server:
    """Serves `model` on a free port of this machine. Output goes to `log`, from all its lives."""

    def __init__(self, model: Path, log: Path, flags: list[str] = GUIDANCE):
        self.log = log
        self._port = _free_port()
        self.endpoint = f"http://127.0.0.1:{self._port}/v1"
        where = ["--model", str(model), "--served-model-name", model.name, "--host", "127.0.0.1"]
        module = [sys.executable, "-m", "vllm.entrypoints.openai.api_server"]
        self._command = [*module, *where, "--port", str(self._port), *FLAGS, *flags]
        self._process: subprocess.Popen[bytes] | None = None
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Returns when the server is healthy. Raises AssertionError with the end of its log if it does not get so."""
        with self.log.open("ab") as log:
            # a group of its own: its engine is another process, and has to go with it
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=os.environ | ON_CPU, start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}\nmore in {self.log}")
            time.sleep(0.5)

    def kill(self) -> None:
        """kill -9, with all its processes."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def answers(self) -> int:
        """Chat completions so far, in all its lives."""
        return self.log.read_text().count('"POST /v1/chat/completions HTTP/1.1" 200')

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/health", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
