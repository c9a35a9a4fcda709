"""Chromium as the engine of screens, posters and cards: the browser lays out, breaks lines, shapes and draws."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec

from synth.complex.browser import browser
from synth.complex.engine import Drawing, Plate
from synth.complex.markup import page
from synth.complex.page_drawing import drawn

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class NoChromium(ValueError):
    """What is missing for this engine, and how it is installed: one line."""


class Chromium:
    """Draws with an installed Chromium or Chrome: `executable`, or the first of PROGRAMS that is on the path.

    Raises NoChromium where there is none, or no Playwright to drive it. The browser starts at the first picture; each
    process has its own.
    """

    def __init__(self, executable: str = ""):
        self._executable = _found(executable)
        self.name = _version(self._executable)

    def draw(self, plate: Plate) -> Drawing:
        """As `Engine.draw` has it."""
        made = page(plate)
        return browser(self._executable).use(lambda tab: drawn(tab, plate, made))


def _found(executable: str) -> str:
    if find_spec("playwright") is None:
        raise NoChromium("Chromium is driven by Playwright, which is missing: pip install '.[chromium]'")
    found = shutil.which(executable) if executable else next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        asked = f"{executable} is no program" if executable else "no Chromium or Chrome is on the path"
        raise NoChromium(f"{asked}: install one, such as with apt-get install chromium")
    return found


def _version(executable: str) -> str:
    """Name and version, such as "Chromium 156.0.8078.79"."""
    try:
        said = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    found = re.search(r"(Chromium|Chrome) \d+(\.\d+)+", said)
    if found is None:
        raise NoChromium(f"{executable} is no Chromium: it does not tell its version")
    return found.group()
