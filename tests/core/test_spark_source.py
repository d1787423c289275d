"""Files on Spark are known by the SHA-256 of their content, and only what has pieces is read in pieces."""

import json
import os

import pytest

from core.intake.read import ReadChoices
from core.intake.reading.chunks import Plan, Survey
from core.intake.reading.header import Header
from core.intake.reading.layout import Ends
from core.intake.reading.records import Dialect
from core.sources.file import FileSource
from core.spark import jobs, parts, source, storage
from core.spark.parts import Chunk, Part
from core.spark.storage import Stored


def test_the_digest_of_a_file_is_that_of_all_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "HASHED_BYTES", 10)
    monkeypatch.setattr(source, "answers", lambda _, asked, work: [_plain(work(one)) for one in asked])
    content = b"customer_id,age\n1,40\n2,50\n"
    (tmp_path / "bank.csv").write_bytes(content)
    file = Stored(str(tmp_path / "bank.csv"), len(content))
    digests, chunks = source._digests_and_chunks(None, [file], [source._cut(file, 24)])
    assert digests == [FileSource("bank.csv", content).digest]
    assert chunks == [[Chunk(0, 16, 1, 16, (0, 0)), Chunk(16, 26, 2, 10, (0, 0))]]


def _plain(answer):
    return vars(answer) if isinstance(answer, Chunk) else answer


def test_a_piece_of_a_file_that_was_replaced_is_read_again(tmp_path):
    """Workers outlive a run, and a piece is kept for the steps that follow."""
    path = tmp_path / "bank.csv"
    for seconds, content in enumerate([b"age\n40\n", b"age\n50\n"]):
        path.write_bytes(content)
        os.utime(path, (seconds, seconds))
        (file,) = storage.listed(str(tmp_path))
        assert parts._text(file, 0, len(content), "utf-8") == content


def test_an_empty_file_is_read_at_once():
    file = Stored("empty.csv", 0)
    assert source._parts(None, file, {"kind": "text", "groups": []}, [], ReadChoices()) == (Part(file, 0, 0),)


@pytest.mark.parametrize(
    "answer",
    [
        Plan("utf-8", Dialect(","), 2, Header(["id", "7"], 1, 1), [["1", ""]], {"encoding": "UTF-8"}, (1,)),
        Survey(True, 3, 2, {7: 1, 12: 2}, (True, False), Ends(2, 9)),
        Survey(False),
        Chunk(0, 16, 1, 16, (0, 0)),
    ],
)
def test_an_answer_that_was_json_is_what_it_was(answer):
    sent = json.loads(json.dumps(answer, default=jobs._plain))
    assert source._typed(sent, type(answer)) == answer
