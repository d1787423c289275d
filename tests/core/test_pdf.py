"""The report as PDF: by a browser on the path, or an error that says how."""

import pytest

from core.errors import DataError
from core.reporting import pdf


def installed(folder, monkeypatch, script):
    """The only browser is a shell script."""
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(pdf, "BROWSERS", ("chromium",))
    monkeypatch.setattr(pdf.shutil, "which", lambda name: str(folder / name))


def test_a_browser_prints_the_page_from_a_folder_of_its_own(tmp_path, monkeypatch):
    script = """for one in "$@"; do case "$one" in
        --print-to-pdf=*) out="${one#*=}";; file://*) page="${one#file://}";; esac; done
        { printf "%%PDF-"; cat "$page"; } > "$out" """
    installed(tmp_path, monkeypatch, script)
    assert pdf.why_no_pdf() == ""
    assert pdf.to_pdf(b"<p>page") == b"%PDF-<p>page"


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "exec sleep 60"])
def test_a_browser_that_prints_nothing_is_an_error_that_says_what_to_do(tmp_path, monkeypatch, script):
    installed(tmp_path, monkeypatch, script)
    monkeypatch.setattr(pdf, "SECONDS", 0.5)
    with pytest.raises(DataError, match=r"The browser printed no PDF\. Install Chromium or Chrome"):
        pdf.to_pdf(b"")


def test_without_a_browser_it_is_said_what_to_do(monkeypatch):
    monkeypatch.setattr(pdf, "BROWSERS", ("no-such-browser",))
    assert pdf.why_no_pdf() == f"There is no browser here to print it. {pdf.HOW}"
    with pytest.raises(DataError, match=r"open report\.html in a browser"):
        pdf.to_pdf(b"")
