"""What a file leaves open: a short question with a proposal, which the analyst can change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One answer: `value` goes into the rules, `preview` says in words what it would give."""

    value: str
    label: str
    preview: str = ""


@dataclass(frozen=True)
class Question:
    """A doubt about a file.

    Parameters
    ----------
    key : str
        The field of the rules that answers it, such as `intake.rows`.
    about : str
        The table, or the table and its column.
    text : str
        The doubt as a sentence, which also serves as a warning.
    proposal : str
        The `value` of the option that is used unless the analyst chooses.
    options : tuple of Option
        The answers.
    sample : tuple of str
        A few lines of the file that show the doubt.
    """

    key: str
    about: str
    text: str
    proposal: str
    options: tuple[Option, ...]
    sample: tuple[str, ...] = ()
