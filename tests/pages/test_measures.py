"""The analyst's own KPI cards on the overview."""

from streamlit.testing.v1 import AppTest

from pages.components.help import help_text
from pages.components.measures import EXAMPLES
from tests.pages.reading import metrics, said, settled


def write(app: AppTest, name: str, formula: str, form: str = "number") -> None:
    app.text_input(key="measure_name").set_value(name)
    app.text_input(key="measure_formula").set_value(formula)
    app.button_group(key="measure_format").set_value(form)
    settled(app.button(key="measure_save").click().run())


def test_a_measure_is_added_shown_corrected_and_removed(app: AppTest) -> None:
    write(app, "Affluent", "share(is_mass_affluent)", "%")
    assert metrics(app)["Affluent"] == "41.3%"
    assert "Segment 1: 64.2%" in said(app).replace("\\", "")
    assert app.text_input(key="measure_name").value == "", "the next one does not replace it"
    settled(app.selectbox(key="measure_picked").select("Affluent").run())
    write(app, "Affluent", "share(is_mass_afluent)", "%")
    assert [error.value.split("\\.")[0] for error in app.error] == ["A column is expected, not “is\\_mass\\_afluent”"]
    assert f"share(is_mass_afluent)\n{' ' * 6}^" in [code.value for code in app.code]
    assert metrics(app)["Affluent"] == "41.3%", "the measure stays as it was"
    settled(app.button(key="measure_remove").click().run())
    assert "Affluent" not in metrics(app)


def test_every_example_works_on_the_sample_and_the_help_has_it(app: AppTest) -> None:
    for number, formula in enumerate(EXAMPLES.splitlines()):
        write(app, f"Example {number}", formula)
        assert metrics(app)[f"Example {number}"] not in ("", "–")
        assert f"- `{formula}`" in help_text("measures")


def test_no_example_names_a_place(app: AppTest) -> None:
    places = app.multiselect(key="state").options
    assert [place for place in places if f'"{place}"' in EXAMPLES] == []


def test_measures_come_from_a_file_and_follow_the_data(app: AppTest) -> None:
    content = (
        b"[[measures]]\nname = 'Cars'\nformula = 'count(owns_car)'\n[[measures]]\nname = 'Odd'\nformula = 'mean(x)'"
    )
    uploader = next(one for one in app.file_uploader if one.key == "measure_upload")
    settled(uploader.upload("measures.toml", content).run())
    everybody = int(metrics(app)["Cars"].replace(",", ""))
    assert "A column is expected, not “x”" in said(app).replace("\\", "")
    settled(app.multiselect(key="state").select("NSW").run())
    assert 0 < int(metrics(app)["Cars"].replace(",", "")) < everybody
