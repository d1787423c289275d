"""`core read`: the tables, the rejects and the decisions, or nothing at all."""

import json

import pytest

from core.cli import main


def test_read_writes_tables_rejects_and_decisions(tmp_path, capsys):
    (tmp_path / "bank.csv").write_bytes("id;name;age\n1;Zoë;30\n2;=Bo, x\n3;Cy;40\n".encode())
    (tmp_path / "more.csv").write_bytes(b"code,job\n007,NA\n")
    out = tmp_path / "out"
    assert main(["read", str(tmp_path / "bank.csv"), str(tmp_path / "more.csv"), "--out", str(out)]) == 0
    assert {path.name: path.read_bytes().decode() for path in out.iterdir() if path.suffix == ".csv"} == {
        "bank.csv": "id,name,age\r\n1,Zoë,30\r\n3,Cy,40\r\n",
        "more.csv": "code,job\r\n007,NA\r\n",
        "rejected_rows.csv": "file,line,outcome,reason,raw_text\r\n"
        'bank.csv,3,rejected,2 cells where the header has 3,"2;=Bo, x"\r\n',
    }
    decided = json.loads((out / "decisions.json").read_text("utf-8"))
    assert [(one["table"], one["file"], one["rows"], one["rejected"]) for one in decided] == [
        ("bank.csv", "bank.csv", 2, 1),
        ("more.csv", "more.csv", 1, 0),
    ]
    assert decided[0]["decisions"] == {"encoding": "UTF-8", "delimiter": ";", "header row": "line 1"}
    assert "2 rows, 1 rejected" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (b"", [], "bad.csv: The file is empty."),
        (b"a,b\n1,2\n", ["--header-row", "-2"], "--header-row is -2."),
        (b"a,b\n1,2\n", ["--encoding", "none such"], "There is no encoding"),
    ],
)
def test_what_cannot_be_read_exits_2_and_writes_nothing(tmp_path, capsys, content, more, said):
    (tmp_path / "good.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "bad.csv").write_bytes(content)
    out = tmp_path / "out"
    files = [str(tmp_path / "good.csv"), str(tmp_path / "bad.csv")]
    assert main(["read", *files, "--out", str(out), *more]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()
