"""Elements of a presentation's XML that python-pptx has no words for."""

from typing import Any, Final

NAMES: Final = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
}
DECLARED: Final = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())


def found(element: Any, path: str) -> list[Any]:
    """The elements on an XPath."""
    from lxml.etree import XPath

    return list(XPath(path, namespaces=NAMES)(element))


def remove(element: Any, path: str) -> None:
    """Take out the elements on an XPath."""
    for one in found(element, path):
        one.getparent().remove(one)


def element_of(text: str) -> Any:
    """The element of a text like `<a:p {}/>`, whose `{}` stands for the names of the prefixes."""
    from pptx.oxml import parse_xml

    return parse_xml(text.format(DECLARED))
