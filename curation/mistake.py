"""What a user can get wrong, and what can befall a run."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class Mistake(ValueError):
    """The user's mistake: the message is one line that says what is wrong and what to do. Exit code 2."""


class SettingsError(Mistake):
    """The command line is wrong."""


class Stopped(RuntimeError):
    """Something the run needs is gone, such as a server. Exit code 1; the same command goes on from there."""


class WorkerDied(Stopped):
    """A worker process ended in the middle of the run."""


def check_known(what: str, given: str, names: Iterable[str]) -> None:
    """Raises SettingsError if `given`, which stands for a `what`, is none of `names`."""
    if given not in (known := list(names)):
        raise SettingsError(f"unknown {what} {given!r}; {hint(given, known)}")


def hint(name: str, names: Iterable[str]) -> str:
    """`did you mean …?` where one of `names` is near, else all of them. Capitals of `name` make no difference."""
    known = list(names)
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"it is one of {', '.join(known)}"


def one_line(error: Exception) -> str:
    """What `error` says, or its class where that is nothing."""
    return " ".join(str(error).split()) or type(error).__name__
