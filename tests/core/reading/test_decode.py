"""Bytes of any encoding → UTF-8, and what is said of them."""

import codecs
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.errors import DataError
from core.intake.read import SourceFile
from core.intake.reading import decode as module
from core.intake.reading.decode import decode


def test_two_files_decoded_at_once_keep_their_own_counts(monkeypatch):
    both, decoder = Barrier(2, timeout=30), codecs.getincrementaldecoder

    def together(codec):
        both.wait()
        return decoder(codec)

    monkeypatch.setattr(module.codecs, "getincrementaldecoder", together)
    files = [SourceFile("a.csv", "é".encode() * 4_000 + b"\xe9," * count) for count in (3, 3_000)]
    with ThreadPoolExecutor(2) as pool:
        found = [decisions["bytes that are not UTF-8"] for _, decisions in pool.map(decode, files)]
    assert found == ["3, read as Windows-1252", "3,000, read as Windows-1252"]


def test_decoding_registers_nothing_for_the_process(monkeypatch):
    monkeypatch.setattr(module.codecs, "register_error", lambda *_: pytest.fail("a handler for the whole process"))
    assert decode(SourceFile("a.csv", "éééé".encode() + b"\xe9\x81"))[0] == "ééééé\ufffd".encode()


def test_byte_order_marks_are_removed_wherever_they_stand():
    text, decisions = decode(SourceFile("a.csv", codecs.BOM_UTF8 + b"a,b\n" + codecs.BOM_UTF8 * 3 + b"1,2\n"))
    assert (text, decisions["invisible marks removed"]) == (b"a,b\n1,2\n", "3")


@pytest.mark.parametrize("encoding", ["idna", "hex", "punycode", "rot13", "undefined", "no\0such", "ä"])
def test_what_is_no_encoding_of_texts_is_refused(encoding):
    with pytest.raises(DataError, match="There is no encoding"):
        decode(SourceFile("a.csv", "id,n\n1,Zoë\n".encode()), encoding)
