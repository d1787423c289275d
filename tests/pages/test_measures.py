"""The analyst's own KPI cards on the overview."""

from streamlit.testing.v1 import AppTest

from core.schema import MASS_AFFLUENT
from pages.components.help import help_text
from pages.components.measures import EXAMPLES
from pages.components.text import escape_markdown
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
    [error] = [error.value for error in app.error]
    assert error.startswith("A column is expected, not “is\\_mass\\_afluent”\\. Did you mean is\\_mass\\_affluent?")
    assert error.endswith(f"\n\n    share(is_mass_afluent)\n    {' ' * 6}^"), "one message, with its place"
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


def test_a_formula_is_picked(app: AppTest) -> None:
    app.selectbox(key="measure_of").select("purchases").run()
    assert app.text_input(key="measure_formula").value == "mean(purchases)"
    app.multiselect(key="measure_where").select(MASS_AFFLUENT).select("gender").select("age").run()
    app.multiselect(key=f"measure where {MASS_AFFLUENT}").select("Yes").run()
    app.multiselect(key="measure where gender").select("Female").run()
    settled(app.number_input(key="measure where age").set_value(40).run())
    text = 'mean(purchases where is_mass_affluent and gender = "Female" and age >= 40)'
    assert app.text_input(key="measure_formula").value == text
    settled(app.button(key="measure_save").click().run())
    assert float(metrics(app)[escape_markdown(text[:60])]) > 0, "without a name, it is called by its formula"


def test_a_share_is_picked_with_its_format(app: AppTest) -> None:
    app.selectbox(key="measure_what").select("share").run()
    settled(app.selectbox(key="measure_of").select("owns_car").run())
    assert app.text_input(key="measure_formula").value == "", "it lacks of what"
    settled(app.multiselect(key="measure share owns_car").select("Yes").run())
    assert app.text_input(key="measure_formula").value == "share(owns_car)"
    assert app.button_group(key="measure_format").value == "%"
    settled(app.selectbox(key="measure_what").select("count").run())
    assert app.text_input(key="measure_formula").value == "customers"
    assert app.button_group(key="measure_format").value == "number"
