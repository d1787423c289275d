"""The card of several months on the overview."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.files import json_bytes
from core.pipeline import load, segment
from core.rules import Rules
from core.segments.model import freeze
from core.sources.file import FileSource
from pages.components import month_files
from pages.components.session_cache import MONTHS
from tests.pages.reading import charts, said, settled

HEAD = "customer_id,age,balance,purchases\n"


def month(first: int, last: int, poorer: int = 0) -> bytes:
    """Customers of two kinds; `poorer` of the rich ones have lost their balance."""
    rows = (
        f"c{i},{(30 if i % 2 else 60) + i % 7},{(2000 if i % 2 or i < 2 * poorer else 300_000) + 10 * i},{i % 9}\n"
        for i in range(first, last)
    )
    return (HEAD + "".join(rows)).encode()


FEB, JAN = month(30, 230), month(0, 200, poorer=40)


@pytest.fixture
def bank(app: AppTest) -> AppTest:
    app.file_uploader(key="uploads").upload("feb_2024.csv", FEB)
    app.slider(key="k").set_value(2)
    return settled(app.run())


def box(at: AppTest) -> str:
    return next(one.key for one in at.file_uploader if one.key.startswith("months"))


def add(at: AppTest, **files: bytes) -> AppTest:
    for name, content in files.items():
        at.file_uploader(key=box(at)).upload(name.replace("_csv", ".csv"), content)
    return settled(at.run())


def shown(at: AppTest) -> str:
    return said(at).replace("\\", "") + "\n".join(one.value for one in at.warning).replace("\\", "")


def table(at: AppTest) -> list[dict]:
    [found] = [one.value for one in at.dataframe if one.proto.alt.startswith("Customers, mass affluent and shares")]
    return found.to_dict("records")


def test_the_card_is_folded_until_a_month_is_added(bank: AppTest) -> None:
    assert "Over time: add the files of other months" in [one.label for one in bank.expander]
    before = len(charts(bank))
    add(bank, jan_2024_csv=JAN)
    assert "Over time" in [one.value for one in bank.subheader]
    assert [(row["month"], row["new"], row["gone"]) for row in table(bank)] == [
        ("2024-01", "", ""), ("2024-02", "30", "30"),
    ]  # fmt: skip
    lines, matrix = charts(bank)[before:]
    assert {row["month"] for row in lines} == {"2024-01", "2024-02"}
    assert sum(int(row["counted"]) for row in matrix) == 200
    assert "Of 170 customers in both 2024-01 and 2024-02, " in shown(bank)
    assert "became mass affluent" in shown(bank)


def test_months_stay_on_another_page_and_are_removed_one_by_one(bank: AppTest) -> None:
    add(bank, jan_2024_csv=JAN, mar_2024_csv=month(40, 240))
    settled(bank.switch_page("pages/demographics.py").run())
    settled(bank.switch_page("pages/overview.py").run())
    assert [row["month"] for row in table(bank)] == ["2024-01", "2024-02", "2024-03"]
    first = next(one for one in bank.button if one.key.startswith("remove month"))
    settled(first.click().run())
    assert [row["month"] for row in table(bank)] == ["2024-02", "2024-03"]


def test_files_that_cannot_be_used_are_named_and_the_others_shown(bank: AppTest) -> None:
    add(bank, jan_2024_csv=JAN, other_csv=month(0, 50), dec_2023_csv=b"customer_id,age\n1,30\n2,40\n", feb_csv=FEB)
    assert [row["month"] for row in table(bank)] == ["2024-01", "2024-02"]
    for sentence in (
        "Not counted. other.csv: Neither its name nor a column says which month it is of.",
        "Not counted. dec_2023.csv: The model needs",
        "Not counted. feb.csv: Its content is that of feb_2024.csv.",
    ):
        assert sentence in shown(bank)


def test_the_month_of_a_file_is_written_beside_it(bank: AppTest) -> None:
    add(bank, other_csv=JAN)
    wanted = next(one for one in bank.text_input if one.label.replace("\\", "") == "Month of other.csv")
    settled(wanted.set_value("soon").run())
    assert "other.csv: “soon” is no month." in shown(bank)
    wanted = next(one for one in bank.text_input if one.label.replace("\\", "") == "Month of other.csv")
    settled(wanted.set_value("2023-11").run())
    assert [row["month"] for row in table(bank)] == ["2023-11", "2024-02"]


def test_the_segments_of_another_number_are_those_of_all_months(bank: AppTest) -> None:
    add(bank, jan_2024_csv=JAN)
    settled(bank.slider(key="k").set_value(3).run())
    assert "share 3" in table(bank)[0]


def test_the_segments_of_a_saved_model_are_those_of_all_months(bank: AppTest) -> None:
    study = load([FileSource("feb_2024.csv", FEB)], Rules(date(2024, 2, 20)))
    model = freeze(segment(study, 4), study.rules, files=study.files, digest=study.digest, wealth=study.wealth)
    bank.file_uploader(key="model").upload("model.json", json_bytes(model.to_dict()))
    settled(bank.run())
    add(bank, jan_2024_csv=JAN)
    rows = table(bank)
    assert [sum(row[f"share {label}"] for label in "1234") for row in rows] == pytest.approx([1, 1])
    assert [row["customers"] for row in rows] == [200, 200]


def test_large_files_are_not_read_again_unasked(bank: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(month_files, "LARGE", 1)
    add(bank, jan_2024_csv=JAN)
    assert len(table(bank)) == 2
    settled(bank.slider(key="k").set_value(3).run())
    assert "The segments, or how files are read, have changed." in shown(bank)
    assert "Customers, mass affluent and shares of the segments of each month" not in [
        one.proto.alt for one in bank.dataframe
    ]
    settled(bank.button(key="months_again").click().run())
    assert "share 3" in table(bank)[0]
    settled(bank.run())
    assert "share 3" in table(bank)[0]


def test_a_month_without_ids_has_shares_and_no_moves(bank: AppTest) -> None:
    add(bank, jan_2024_csv=b"".join(line.partition(b",")[2] + b"\n" for line in JAN.splitlines()))
    assert [row["new"] for row in table(bank)] == ["", "–"]
    assert "No moves, shares only: jan_2024.csv lacks a customer id." in shown(bank)


def test_small_groups_are_hidden_in_all_of_it(bank: AppTest) -> None:
    add(bank, jan_2024_csv=month(0, 200, poorer=3))
    settled(bank.toggle(key="hide").set_value(True).run())
    assert "hidden: fewer than 10 customers" in shown(bank)
    assert "months.csv" not in [one.label for one in bank.get("download_button")]
    counts = [int(row["counted"]) for rows in charts(bank) for row in rows if "counted" in row]
    assert all(number >= 10 for number in counts)


def test_deleting_the_data_removes_the_months(bank: AppTest) -> None:
    add(bank, jan_2024_csv=JAN)
    assert bank.session_state[MONTHS]
    settled(bank.button(key="delete_data").click().run())
    assert MONTHS not in bank.session_state


def captions(at: AppTest) -> list[str]:
    return [one.value for one in at.caption if " since 2024-01" in one.value]


def test_each_kpi_says_how_it_has_changed_since_the_month_before(bank: AppTest) -> None:
    assert captions(bank) == []
    add(bank, jan_2024_csv=JAN)
    customers, affluent, *_ = captions(settled(bank.run()))
    assert customers == "0 since 2024-01"
    assert affluent.startswith("+")
    assert " points since 2024-01 (" in affluent
    settled(bank.switch_page("pages/strategy.py").run())
    assert len(captions(bank)) == 3, "all customers and two segments"
    settled(bank.switch_page("pages/overview.py").run())
    settled(bank.multiselect(key="filtered segments").set_value(["1"]).run())
    assert captions(bank) == [], "the months are of all customers"


def test_figures_and_persons_of_two_months_stand_on_the_card(bank: AppTest) -> None:
    add(bank, jan_2024_csv=JAN)
    by_alt = {one.proto.alt: one.value for one in bank.dataframe}
    figures = by_alt["Figures of both months and their change"]
    assert figures["figure"].tolist()[:2] == ["Customers", "Mass affluent"]
    who = by_alt["Who became mass affluent and who left, by segment"]
    assert who.to_numpy().tolist() == [["New, and mass affluent", "1 High balance · older", "", 5]]
    files = [one.label for one in bank.get("download_button")]
    assert {"changes.csv", "mass_affluent_moves.csv"} <= {*files}
    settled(bank.toggle(key="hide").set_value(True).run())
    assert "mass_affluent_moves.csv" not in [one.label for one in bank.get("download_button")]
    assert "Who became mass affluent is not listed while small groups are hidden" in shown(bank)
