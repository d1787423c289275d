"""The registry of source kinds: what the command line accepts, and what the sidebar offers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.databases.request import Request
from core.registry import Registry
from core.sources.source import Source
from core.trail import READ, is_kept, note

Argument = str | Request  # what names sources: a text of the command line, or what is asked of a database
FILES: Final = "files"  # the key of the kind that takes every argument no other kind recognises


def _no_files(_: Argument) -> Sequence[Path]:
    return ()


@dataclass(frozen=True)
class SourceKind:
    """A kind of source.

    Parameters
    ----------
    key : str
        Its name in the address of a page.
    label : str
        Its name in the sidebar's choice, such as "Files".
    plural : str
        What its sources are called in a sentence, such as "customer files".
    argument : str
        The form of its argument, such as "FILE": the command line's help and the sidebar's box show it.
    help : str
        What the argument can name, in a few words.
    recognises : callable
        Whether an argument of the command line is of this kind.
    open : callable
        The sources that an argument names. It must be quick: the rows are read later, by `Source.tables`. Where it
        cannot open one, it must raise `core.errors.DataError`, here and while they are iterated; any other exception
        ends the command line in a traceback.
    paths : callable, optional
        The local files that an argument names, which no result may replace.
    """

    key: str
    label: str
    plural: str
    argument: str
    help: str
    recognises: Callable[[Argument], bool]
    open: Callable[[Argument], Iterable[Source]]
    paths: Callable[[Argument], Sequence[Path]] = _no_files


KINDS: Final[Registry[SourceKind]] = Registry("a kind of source", SourceKind)
register: Final = KINDS.add  # a module with a source ends with it


def kinds() -> tuple[SourceKind, ...]:
    """All kinds, files first."""
    return tuple(sorted(KINDS.values(), key=lambda kind: kind.key != FILES))


def kind_of(argument: Argument) -> SourceKind:
    """The kind that recognises an argument of the command line; files, if none does."""
    return next((kind for kind in kinds() if kind.recognises(argument)), KINDS[FILES])


def open_sources(arguments: Sequence[Argument]) -> Iterator[Source]:
    """The sources that arguments of the command line name, each opened when it is asked for.

    Raises
    ------
    core.errors.DataError
        An argument names nothing that can be read.
    """
    for argument in arguments:
        for source in kind_of(argument).open(argument):
            if is_kept():
                note(READ, sources=[source.name], origin=_origin(argument), sha256=source.digest, bytes=source.size)
            yield source


def _origin(argument: Argument) -> str:
    return f"{argument}: {argument.query}" if isinstance(argument, Request) and argument.query else str(argument)


def input_paths(arguments: Sequence[Argument]) -> list[Path]:
    """The local files that arguments of the command line name."""
    return [path for argument in arguments for path in kind_of(argument).paths(argument)]
