"""A registry refuses what is no entry, and says what is missing."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import pytest

from core.registry import Registry


@runtime_checkable
class Animal(Protocol):
    @property
    def key(self) -> str: ...

    def call(self) -> str: ...


@dataclass(frozen=True)
class Cat:
    key: str = "cat"

    def call(self) -> str:
        return "miaow"


@dataclass(frozen=True)
class Stone:
    key: str = "stone"


def refuse_dogs(animal: Animal) -> None:
    if animal.key == "dog":
        raise ValueError("No dogs.")


@pytest.fixture
def animals() -> Registry[Animal]:
    return Registry("an animal", Animal, check=refuse_dogs)


def test_entries_are_found_by_key_in_the_order_they_were_added(animals: Registry[Animal]) -> None:
    animals.add(Cat())
    animals.add(Cat("ant"))
    assert dict(animals) == {"cat": Cat(), "ant": Cat("ant")}
    assert list(animals) == ["cat", "ant"]
    assert len(animals) == 2


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Cat(), "There is an animal 'cat' already: choose another key."),
        (Cat(""), "'' cannot be the key of an animal: give it a text."),
        (Cat, "Cat is a class: add an object of it as an animal."),
        (Stone(), "Stone(key='stone') is no Animal: it lacks call."),
        (7, "7 is no Animal: it lacks call, key."),
        (Cat("dog"), "No dogs."),
    ],
)
def test_what_is_no_entry_is_refused_and_not_added(animals: Registry[Animal], entry: Cat, message: str) -> None:
    animals.add(Cat())
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        animals.add(entry)
    assert str(raised.value) == message
    assert list(animals) == ["cat"]


def test_an_entry_can_be_added_for_a_while(animals: Registry[Animal]) -> None:
    with animals.added(Cat()) as cat:
        assert list(animals.values()) == [cat]
    assert not animals
