"""What a user can get wrong, and what can befall a run."""


class Mistake(ValueError):
    """The user's mistake: the message is one line that says what is wrong and what to do. Exit code 2."""


class Stopped(RuntimeError):
    """Something the run needs is gone, such as a server. Exit code 1; the same command goes on from there."""


class WorkerDied(Stopped):
    """A worker process ended in the middle of the run."""
