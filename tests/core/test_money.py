"""The currency of a file: its own, the country's, or the one that the rules choose."""

import json
import re
from argparse import ArgumentTypeError
from datetime import date
from html import unescape

import pytest

from core.analysis import Analysis
from core.cli import main
from core.cli_options import country_code, currency_code
from core.errors import RulesError
from core.intake.flags import describe_mass_affluent
from core.money import code_for, sign_for, style_for
from core.pipeline import load, segment
from core.reporting.report import report
from core.rules import Intake, Rules, from_toml
from core.sources.file import FileSource
from core.understanding import PLACE, findings
from core.visuals.registry import VISUALS
from core.visuals.visual import data_of

DAY = date(2026, 1, 1)


def customers(header="balance", state="county", place="Kent", sign=""):
    rows = [f"c{i},{20 + i % 50},{place},{sign}{3000 * (i + 1)}" for i in range(80)]
    return "\n".join([f"customer_id,age,{state},{header}", *rows]).encode()


PLAIN = customers(state="colour", place="red")
EUROS = customers(header="balance (EUR)", state="colour", place="red")
RUPEES = customers(state="colour", place="red", sign="₹")


def study(content, **rules):
    intake = Intake(currency=rules.pop("currency", "auto"))
    return load([FileSource("bank.csv", content)], Rules(DAY, intake=intake, **rules))


def test_a_number_of_transactions_has_no_currency():
    rows = [f"c{i // 3},2025-0{1 + i % 9}-11,{10 + i}.5" for i in range(240)]
    bought = study("\n".join(["customer_id,transaction_date,spent (EUR)", *rows]).encode())
    assert bought.column("transactions").sign == ""
    assert (sign_for(bought), code_for(bought)) == ("€", "EUR")


@pytest.mark.parametrize(
    ("content", "currency", "code", "sign"),
    [
        (PLAIN, "auto", "", ""),
        (PLAIN, "GBP", "GBP", "£"),
        (PLAIN, "AUD", "AUD", "A$"),
        (EUROS, "auto", "EUR", "€"),
        (EUROS, "none", "", ""),
        (EUROS, "BRL", "BRL", "R$"),
        (RUPEES, "auto", "INR", "₹"),
        (customers(state="colour", place="red", sign="zł "), "auto", "PLN", "zł"),
        (customers(state="colour", place="red", sign="Rs. "), "auto", "", "Rs"),
        (customers(state="state", place="Kerala", sign="Rs. "), "auto", "INR", "₹"),
        (customers(state="fylke", place="Rogaland", sign="kr "), "auto", "NOK", "kr"),
    ],
)
def test_the_currency_is_that_of_the_file_unless_the_rules_choose_one(content, currency, code, sign):
    found = study(content, currency=currency)
    assert (code_for(found), sign_for(found)) == (code, sign)
    assert [(one.currency, one.unit, one.sign) for one in found.columns if one.name == "balance"] == [
        (code, sign, sign)
    ]


def with_currency(*codes, header="balance", sign=""):
    lines = customers(header=header, sign=sign).decode().splitlines()
    return "\n".join([f"{lines[0]},Currency", *(f"{line},{codes[i % len(codes)]}" for i, line in enumerate(lines[1:]))])


@pytest.mark.parametrize(
    ("content", "code", "sign"),
    [
        (with_currency("USD"), "USD", "US$"),
        (with_currency("GBP"), "GBP", "£"),
        (with_currency("USD", header="balance (EUR)"), "EUR", "€"),
        (with_currency("USD", sign="£"), "GBP", "£"),
    ],
)
def test_amounts_are_in_the_currency_that_a_column_beside_them_always_has(content, code, sign):
    found = study(content.encode())
    assert found.country == "GB"
    assert [(one.currency, one.sign) for one in found.columns if one.name == "balance"] == [(code, sign)]
    assert found.wealth.currency == code


def test_it_is_said_where_header_and_cells_name_different_currencies():
    found = study(customers(header="balance (EUR)", sign="£"))
    said = [step.title for step in found.steps if "the header says EUR, the amounts £" in step.title]
    assert len(said) == 1
    assert [column.currency for column in found.columns if column.name == "balance"] == ["EUR"]
    assert not [step for step in study(EUROS).steps if "the header says" in step.title]


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (country_code, "gb", "GB"),
        (country_code, "AUTO", "auto"),
        (country_code, "None", "none"),
        (country_code, "World", "world"),
        (currency_code, "eur", "EUR"),
        (currency_code, "auto", "auto"),
    ],
)
def test_codes_on_the_command_line_are_read_in_any_case(read, text, code):
    assert read(text) == code


@pytest.mark.parametrize(
    ("read", "text", "near"),
    [
        (country_code, "UK", "did you mean GB?"),
        (country_code, "Germny", "did you mean DE?"),
        (currency_code, "euros", "did you mean EUR?"),
        (currency_code, "0", "auto or none"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest(read, text, near):
    with pytest.raises(ArgumentTypeError, match=re.escape(near)):
        read(text)


def test_the_chosen_currency_decides_the_band_of_wealth():
    bands = {code: study(PLAIN, currency=code).wealth for code in ("none", "GBP", "JPY")}
    assert (bands["GBP"].low, bands["GBP"].high, bands["GBP"].relative) == (100_000, 1_000_000, False)
    assert bands["none"].relative
    assert bands["JPY"].relative  # too few have ten million


def test_a_chosen_currency_is_said_and_no_currency_too():
    def place(content, currency):
        found = study(content, currency=currency)
        return next(one.text for one in findings(found, segment(found, 2)) if one.key == PLACE)

    assert [place(EUROS, code) for code in ("auto", "USD", "none")] == ["EUR", "USD", "not known"]


def test_mixed_currencies_stay_mixed_whatever_is_chosen():
    cells = b"\n".join(
        row.replace(b"red,", b"red," + (b"$" if i % 2 else "£".encode())) if i else row
        for i, row in enumerate(PLAIN.split(b"\n"))
    )
    assert [(one.unit, one.sign) for one in study(cells, currency="GBP").columns if one.name == "balance"] == [
        ("mixed currencies", "")
    ]


@pytest.mark.parametrize(
    ("content", "numbers", "large"),
    [
        (RUPEES, "auto", "12,34,567"), (RUPEES, "en", "1,234,567"), (EUROS, "de", "1.234.567"),
        (PLAIN, "auto", "1,234,567"),
    ],
)  # fmt: skip
def test_numbers_are_grouped_as_the_currency_or_the_rules_say(content, numbers, large):
    assert style_for(study(content, numbers=numbers)).marked("1234567") == large
    assert style_for(study(content), numbers).marked("1234567") == large


def test_rules_keep_currency_and_style_and_leave_them_out_where_nothing_is_chosen():
    rules = Rules(DAY, intake=Intake(currency="CHF"), numbers="de_CH")
    assert from_toml(rules.to_toml()) == rules
    assert not re.search("currency|numbers", Rules(DAY).to_toml())
    with pytest.raises(RulesError, match="“XYZ” is not a currency"):
        Intake(currency="XYZ")
    with pytest.raises(RulesError, match="numbers"):
        Rules(DAY, numbers="klingon")


def texts_of(analysis):
    """The words of the report outside of its charts, and those within."""
    page = report(analysis).decode()
    charts = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", page)]
    return unescape(re.sub("<[^>]*>", " ", page)).replace("\u00a0", " "), [
        text.replace("\u00a0", " ") for text in charts
    ]


def test_the_report_and_its_charts_are_in_the_style_of_the_analysis():
    found = study(EUROS, numbers="de")
    words, charts = texts_of(Analysis(found, segment(found, 2), None))
    assert re.search(r"Balance \d{1,3}\.\d{3} € \(all: 121\.500 €\)", words)
    assert any(re.fullmatch(r"\d{2,3}\.\d{3} €", text) for text in charts), "beside the bars"
    assert any(re.fullmatch(r"\d+,\d %", text.partition(": ")[2]) for text in charts), "beside the pie"
    assert re.search(r"0 € to \d+ k € in each row", words), "at the axis"


def test_a_report_on_rupees_counts_in_lakh():
    found = study(RUPEES)
    words, charts = texts_of(Analysis(found, segment(found, 2), None))
    assert "(all: ₹1,21,500)" in words
    assert any(re.fullmatch(r"₹\d(\.\d)? lakh", text) for text in charts)


def test_the_command_line_takes_both_and_writes_plain_files(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank.csv").write_bytes(PLAIN)
    line = "segment bank.csv --as-of 2026-01-01 --k 2 --out"
    assert main([*line.split(), "plain"]) == 0
    assert main([*line.split(), "german", "--currency", "EUR", "--numbers", "de"]) == 0
    printed = capsys.readouterr().out
    assert "100.000 to below 1.000.000 EUR" in printed
    model = json.loads((tmp_path / "german/model.json").read_text())
    assert (model["rules"]["numbers"], model["rules"]["intake"]["currency"]) == ("de", "EUR")
    for name in ("segments.csv", "rejected_rows.csv"):
        assert (tmp_path / "german" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
    assert main(["score", "bank.csv", "--model", "german/model.json", "--out", "scored.csv"]) == 0
    assert "100.000" not in (tmp_path / "scored.csv").read_text()


def test_a_unit_stands_at_the_figures_or_in_a_title_never_at_both():
    found = study(EUROS.replace(b"red", b"Kent").replace(b"colour", b"county"))
    whole = Analysis(found, segment(found, 2))
    drawn = {key: str(visual.draw(whole, data_of(visual, whole)).to_dict()) for key, visual in VISUALS.items()
             if key in ("value", "scatter", "map") and visual.is_possible(whole)}  # fmt: skip
    assert [*drawn] == ["value", "map", "scatter"]
    for key, chart in drawn.items():
        assert "€" in chart or key == "map"
        assert "(€)" not in chart
        assert "(EUR)" not in chart
    assert "(EUR)" not in describe_mass_affluent(found.rules, found.wealth)
