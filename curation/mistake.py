"""What a user can get wrong."""


class Mistake(ValueError):
    """The user's mistake: the message is one line that says what is wrong and what to do. Exit code 2."""
