"""One Chromium for each process that draws with it, kept open, driven by Playwright, and started anew if it dies."""

from __future__ import annotations

import base64
import json
import os
import signal
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.complex.no_fonts import configuration
from synth.sample import Discarded

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

FLAGS = (
    "--disable-gpu",
    "--disable-lcd-text",
    "--disable-partial-raster",
    "--disable-skia-runtime-opts",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--num-raster-threads=1",
)
"""Drawn by the processor alone, the same on every one of them, with outlines as the fonts have them; no network."""

SECONDS = 30.0
"""The longest that one picture may take before the browser is killed."""

T = TypeVar("T")


class Tab:
    """A page of a running browser. All methods raise playwright.sync_api.Error where the browser fails."""

    def __init__(self, page: Page):
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("DOM.enable")
        self._session.send("CSS.enable")

    def show(self, html: str, width: int, height: int) -> None:
        """Loads a page into a window of that many pixels."""
        if self._page.viewport_size != {"width": width, "height": height}:
            self._page.set_viewport_size({"width": width, "height": height})
        self._page.set_content(html, timeout=1000 * SECONDS)

    def ask(self, script: str, argument: Any = None) -> Any:
        """What a function of the page's language returns; both sides as JSON, which Playwright takes faster whole."""
        whole = f"async text => JSON.stringify((await ({script})(JSON.parse(text))) ?? null)"
        return json.loads(self._page.evaluate(whole, json.dumps(argument)))

    def pixels(self) -> NDArray[np.uint8]:
        """What the window shows: RGB, uint8 [height, width, 3]."""
        shot = self._session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        data = np.frombuffer(base64.b64decode(shot["data"]), np.uint8)
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)

    def foreign_fonts(self, selector: str) -> list[str]:
        """Names of fonts other than the page's own that draw text of the element at `selector` and of its children."""
        root = self._session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        node = self._session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = self._session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        return [font["familyName"] for font in fonts if not font["isCustomFont"]]


@dataclass
class _Running:
    """A started browser; `process` is its id. `closing` ends it."""

    tab: Tab
    process: int
    closing: ExitStack


class Browser:
    """A Chromium that starts when it is first used. It lives on a thread of its own, as Playwright wants it, so that
    any thread may use it, one after the other."""

    def __init__(self, executable: str):
        self._executable = executable
        self._thread = ThreadPoolExecutor(1, "chromium")
        self._running: _Running | None = None

    def use(self, job: Callable[[Tab], T]) -> T:
        """What `job` makes of a tab; once more in a fresh browser if this one dies or takes longer than SECONDS.

        Raises Discarded("engine failed", …) if that fails too.
        """
        return self._thread.submit(self._twice, job).result()

    def close(self) -> None:
        """Ends the browser; the next use starts another."""
        self._thread.submit(self._stop).result()

    def _twice(self, job: Callable[[Tab], T]) -> T:
        from playwright.sync_api import Error

        for _ in range(2):
            try:
                return self._once(job)
            except Error as error:
                said = error.message.strip().splitlines()[0]
                self._stop()
        raise Discarded("engine failed", said)

    def _once(self, job: Callable[[Tab], T]) -> T:
        self._running = running = self._running or _start(self._executable)
        watch = Timer(SECONDS, _kill, (running.process,))
        watch.start()
        try:
            return job(running.tab)
        finally:
            watch.cancel()

    def _stop(self) -> None:
        if self._running:
            self._running.closing.close()
            self._running = None


def _start(executable: str) -> _Running:
    from playwright.sync_api import Error, sync_playwright

    with ExitStack() as closing:
        fonts = configuration(Path(closing.enter_context(tempfile.TemporaryDirectory())))
        playwright = closing.enter_context(sync_playwright())
        handle = playwright.chromium.launch(
            executable_path=executable, args=FLAGS, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )

        def close() -> None:
            with suppress(Error):  # it may have died
                handle.close()

        closing.callback(close)
        processes = handle.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        process = next(each["id"] for each in processes if each["type"] == "browser")
        context = handle.new_context(device_scale_factor=1, offline=True, reduced_motion="reduce")
        return _Running(Tab(context.new_page()), process, closing.pop_all())


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def browser(executable: str) -> Browser:
    """The browser of this process and that program; a forked process gets one of its own."""
    return _browser(executable, os.getpid())


@cache
def _browser(executable: str, process: int) -> Browser:
    return Browser(executable)
