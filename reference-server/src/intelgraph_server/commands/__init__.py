"""The commands: one module each, with its `SUMMARY`, its `EXAMPLES`, its options and its run.

What is slow to import is imported by the command that needs it.
"""


class CommandError(Exception):
    """The command cannot be done; the message is one line for a person."""


def reason(error: OSError) -> str:
    """What the operating system says, to stand behind a colon."""
    return (error.strerror or str(error)).lower()
