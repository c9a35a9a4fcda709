"""LibreOffice as a servant: found on the machine, started with fonts of our choosing, made anew when it fails."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path

from synth.complex import office_child
from synth.complex.office_fonts import CONFIGURATION, lay_out
from synth.fonts import Face
from synth.sample import Discarded

START, SLIDE = 120.0, 60.0
"""Seconds after which a start, or a slide, counts as hung."""

WORN = 500
"""Slides after which a process is replaced: its memory grows by some 0.25 MB a slide."""


class OfficeError(ValueError):
    """No LibreOffice that can be used: one line that says what to do."""


class Office:
    """A LibreOffice process of one's own, with a profile of its own, that has no fonts but the upright ones of `faces`.

    `named`: faces by their names in the PDF. Raises OfficeError where there is none, or it does not start. Everything
    it writes is in a temporary folder, which goes with it, even where this program is killed.
    """

    def __init__(self, faces: Iterable[Face]):
        self.program = find_program()
        self.folder = Path(tempfile.mkdtemp(prefix="synth-office-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self.named = lay_out(faces, self.folder)
        try:
            self.process = Process(self.program, self.folder)
        except _Failed as failed:
            raise OfficeError(f"the LibreOffice in {self.program} does not start: {failed}") from None
        self.version = self.process.version

    def pdf(self, pptx: bytes) -> bytes:
        """The package as a PDF. Raises Discarded("engine failed", …) where a fresh process fails at it too."""
        if self.process.slides == WORN:
            self.process.stop()
        for _ in range(2):
            try:
                if self.process.stopped:
                    self.process = Process(self.program, self.folder)
                return self.process.pdf(pptx)
            except _Failed as failed:
                self.process.stop()
                last = str(failed)
        raise Discarded("engine failed", last)


class _Failed(Exception):
    """A process that died, hung, or could not do it."""


class Process:
    """One process, at work below `folder`, where its fonts are. `slides` counts what it was given."""

    def __init__(self, program: Path, folder: Path):
        self.slides = 0
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        fonts = str(folder / CONFIGURATION)
        settings = {"HOME": str(self.folder), "FONTCONFIG_FILE": fonts, "SAL_USE_VCLPLUGIN": "svp"}
        locale = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        with (self.folder / "messages").open("wb") as messages:
            self.child = subprocess.Popen(
                [sys.executable, "-I", office_child.__file__, program, self.folder, folder],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=messages,
                env={"PATH": os.defpath, **settings, **locale},
                cwd=self.folder,
            )
        self.stop = weakref.finalize(self, _stop, self.child, self.folder)
        try:
            self.version = self._answer(START)
        except _Failed:
            self.stop()
            raise

    @property
    def stopped(self) -> bool:
        return not self.stop.alive

    def pdf(self, pptx: bytes) -> bytes:
        assert self.child.stdin
        self.slides += 1
        target = self.folder / "slide.pdf"
        target.unlink(missing_ok=True)
        (self.folder / "slide.pptx").write_bytes(pptx)
        try:
            self.child.stdin.write(b"\n")
        except OSError as error:
            raise _Failed(f"it is gone ({error})") from None
        self._answer(SLIDE)
        return target.read_bytes()

    def _answer(self, seconds: float) -> str:
        """What follows the "ok"."""
        assert self.child.stdout
        waiting = select.poll()
        waiting.register(self.child.stdout, select.POLLIN)
        if not waiting.poll(1000 * seconds):
            raise _Failed(f"no answer within {seconds:.0f} s")
        answer = self.child.stdout.readline().decode(errors="replace").strip()
        fine, _, rest = answer.partition(" ")
        if fine != "ok":
            raise _Failed(answer or "it died")
        return rest


def _stop(child: subprocess.Popen[bytes], folder: Path) -> None:
    child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream:
            stream.close()
    shutil.rmtree(folder, ignore_errors=True)


def find_program() -> Path:
    """The folder of the program, found by the command `soffice` or `libreoffice`. Raises OfficeError."""
    command = shutil.which("soffice") or shutil.which("libreoffice")
    if command is None:
        raise OfficeError("there is no soffice on the PATH: install LibreOffice Impress (libreoffice-impress)")
    folder = Path(command).resolve().parent
    if not any((folder / name).exists() for name in office_child.LIBRARIES):
        raise OfficeError(f"{command} belongs to no LibreOffice for Linux with its libraries beside it: install one")
    return folder
