"""What can go wrong with an installation, told in one sentence that says what to do."""


class Trouble(Exception):
    """Something that the person at the keyboard can mend; a Spanish sentence with `%(name)s` places."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message
