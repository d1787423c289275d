"""The import rules of the layers, and that a page only shows: written down here, enforced here."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import core

ROOT = Path(core.__file__).parents[1]

# Layer → the project's other layers it may import; a module belongs to the longest name that fits.
BASE = {
    "core.schema", "core.errors", "core.rules", "core.figures", "core.number_style", "core.meanings",
    "core.questions", "core.ids", "core.wealth", "core.territories", "core.progress",
    "core.labels",
}  # fmt: skip
ALLOWED = {
    "core": set(),
    "core.schema": set(),
    "core.word_tables": set(),
    "core.questions": set(),
    "core.progress": set(),
    "core.labels": set(),
    "core.ids": set(),
    "core.errors": set(),
    "core.registry": set(),
    "core.meanings": set(),
    "core.wealth": {"core.schema", "core.meanings", "core.figures", "core.plain", "core.rules"},
    "core.categories": {"core.schema"},
    "core.archives": set(),
    "core.exact": set(),
    "core.tweaks": set(),
    "core.threads": {"core.tweaks"},
    "core.number_style": set(),
    "core.figures": {"core.number_style"},
    "core.plain": {"core.errors"},
    "core.documents": {"core.errors", "core.files", "core.plain"},
    "core.encodings": {"core.errors"},
    "core.rules": {
        "core.number_style",
        "core.errors",
        "core.documents",
        "core.encodings",
        "core.plain",
        "core.countries",
        "core.cleaning",
    },
    "core.intake": BASE
    | {"core.archives", "core.exact", "core.encodings", "core.files", "core.countries", "core.cleaning"}
    | {"core.word_tables"},
    "core.territories": {"core.errors", "core.figures", "core.ids", "core.plain", "core.schema", "core.countries"},
    "core.databases": {"core.errors", "core.figures", "core.progress", "core.intake", "core.trail"},
    "core.sources": BASE | {"core.registry", "core.files", "core.intake", "core.databases", "core.trail"},
    "core.segments": BASE
    | {"core.categories", "core.countries", "core.registry", "core.files", "core.documents", "core.plain"}
    | {"core.threads"},
    "core.strategy": BASE | {"core.files", "core.documents", "core.intake", "core.views", "core.strategy.rates"},
    "core.strategy.rates": set(),
    "core.views": {"core.errors", "core.schema", "core.exact", "core.figures", "core.countries", "core.strategy.rates"},
    "core.measures": BASE
    | {"core.exact", "core.documents", "core.plain", "core.intake", "core.views", "core.cleaning"},
    "core.countries": {"core.registry", "core.schema", "core.plain"},
    "core.cleaning": {"core.registry", "core.schema", "core.figures", "core.countries", "core.word_tables"},
    "core.study": BASE
    | {"core.categories", "core.exact", "core.intake", "core.segments", "core.measures", "core.views"},
    "core.customer_base": BASE | {"core.intake", "core.segments", "core.measures", "core.study"},
    "core.money": {"core.countries", "core.customer_base", "core.number_style"},
    "core.pipeline": BASE | {"core.intake", "core.segments", "core.sources", "core.study"},
    "core.segmentation": {"core.pipeline", "core.segments", "core.study"},
    "core.remarks": {"core.errors", "core.plain"},
    "core.understanding": BASE | {"core.countries", "core.customer_base", "core.intake", "core.segments"},
    "core.audit": BASE
    | {"core.cleaning", "core.countries", "core.intake", "core.segments", "core.sources", "core.study"}
    | {"core.pipeline", "core.views"},
    "core.trail": {"core.errors"},
    "core.files": {"core.errors", "core.trail"},
    "core.workers": {"core.errors", "core.tweaks"},
    "core.cubes": BASE
    | {
        "core.archives",
        "core.exact",
        "core.files",
        "core.documents",
        "core.plain",
        "core.countries",
        "core.intake",
        "core.study",
    }
    | {"core.categories", "core.customer_base"}
    | {"core.segments", "core.views", "core.strategy", "core.measures", "core.visuals"},
    "core.visuals": BASE
    | {"core.registry", "core.countries", "core.intake", "core.views", "core.strategy", "core.strategy.rates"}
    | {"core.measures"}
    | {"core.customer_base", "core.segments", "core.meanings"},
    "core.selection": {"core.views", "core.visuals"},
    "core.certainty": BASE | {"core.customer_base", "core.segments", "core.selection", "core.views"},
    "core.analysis": BASE
    | {
        "core.categories",
        "core.certainty",
        "core.customer_base",
        "core.money",
        "core.remarks",
        "core.selection",
        "core.visuals",
        "core.intake",
        "core.segments",
        "core.views",
        "core.strategy",
        "core.measures",
    },
    "core.reporting": BASE
    | {"core.analysis", "core.customer_base", "core.intake", "core.segments", "core.views", "core.strategy"}
    | {"core.measures", "core.visuals", "core.archives", "core.files", "core.remarks"},
    "core.results": {
        "core.figures",
        "core.analysis",
        "core.cubes",
        "core.customer_base",
        "core.reporting",
        "core.files",
    }
    | {"core.segments", "core.views", "core.strategy", "core.measures"},
    "core.project": {"core.documents", "core.errors", "core.files", "core.measures", "core.plain", "core.rules"}
    | {"core.remarks", "core.segments", "core.strategy"},
    "core.spark": BASE
    | {"core.exact", "core.files", "core.countries", "core.cleaning", "core.intake", "core.segments", "core.sources"}
    | {"core.views", "core.pipeline", "core.cubes", "core.categories"}
    | {"core.analysis", "core.results", "core.customer_table", "core.databases", "core.segmentation", "core.trail"},
    "core.terminal": set(),
    "core.cli_sources": {"core.errors", "core.sources", "core.databases"},
    "core.cli_spark": {"core.errors", "core.cli_options", "core.cli_sources", "core.spark"},
    "core.cli_sample": {"core.errors", "core.files", "core.cli_options", "core.terminal", "data"},
    "core.cli_options": BASE
    | {"core.cli_sources", "core.files", "core.countries", "core.segments", "core.sources", "core.terminal"},
    "core.cli_read": {"core.errors", "core.files", "core.intake", "core.sources", "core.cli_options", "core.terminal"}
    | {"core.cli_sources"},
    "core.cli_model": BASE
    | {"core.files", "core.cli_sources", "core.sources", "core.cli_options", "core.audit", "core.terminal"}
    | {"core.analysis", "core.segments", "core.views", "core.study", "core.pipeline", "core.money"}
    | {"core.cli_into", "core.customer_table"},
    "core.compare": BASE
    | {"core.customer_base", "core.months", "core.segments", "core.selection", "core.strategy", "core.strategy.rates"}
    | {"core.views", "core.visuals"},
    "core.months": BASE
    | {"core.countries", "core.intake", "core.sources", "core.segments", "core.study", "core.pipeline"}
    | {"core.progress", "core.strategy.rates", "core.views"},
    "core.cli_months": BASE
    | {
        "core.cli_sources",
        "core.compare",
        "core.files",
        "core.sources",
        "core.cli_options",
        "core.months",
        "core.segments",
    }
    | {"core.databases", "core.terminal"},
    "core.targets": BASE
    | {"core.analysis", "core.certainty", "core.customer_base", "core.files", "core.intake", "core.measures"}
    | {"core.plain", "core.segments", "core.selection", "core.strategy", "core.views", "core.visuals"},
    "core.cli_audience": BASE
    | {"core.analysis", "core.cli_options", "core.files", "core.money", "core.pipeline", "core.segments"}
    | {"core.sources", "core.targets", "core.terminal"},
    "core.outcomes": BASE
    | {"core.archives", "core.cleaning", "core.countries", "core.documents", "core.files", "core.intake"}
    | {"core.sources", "core.strategy", "core.strategy.rates", "core.targets", "core.views", "core.word_tables"},
    "core.cli_outcomes": BASE
    | {
        "core.targets",
        "core.files",
        "core.countries",
        "core.sources",
        "core.cli_options",
        "core.outcomes",
        "core.terminal",
    },
    "core.cli_project": BASE | {"core.cli_options", "core.project", "core.segments", "core.study", "core.terminal"},
    "core.customer_table": BASE | {"core.analysis", "core.customer_base", "core.intake", "core.segments", "core.study"},
    "core.cli_into": {"core.customer_table", "core.databases", "core.errors", "core.files", "core.terminal"},
    "core.cli_summary": BASE | {"core.analysis", "core.intake", "core.segments", "core.understanding", "core.visuals"},
    "core.job": BASE
    | {"core.databases", "core.documents", "core.plain", "core.segments", "core.sources", "core.terminal"},
    "core.cli_run": {"core.cli_options", "core.cli_sources", "core.errors", "core.job", "core.terminal"},
    "core.cli": BASE
    | {"core.cli_into", "core.cli_run", "core.cli_summary", "core.customer_table"}
    | {"core.cli_project", "core.cli_sample", "core.cli_sources"}
    | {"core.money"}
    | {
        "core.cubes",
        "core.files",
        "core.cli_audience",
        "core.cli_months",
        "core.cli_outcomes",
        "core.cli_read",
        "core.cli_model",
        "core.cli_spark",
        "core.cli_options",
        "core.terminal",
    }
    | {
        "core.intake",
        "core.segments",
        "core.views",
        "core.pipeline",
        "core.analysis",
        "core.reporting",
        "core.results",
        "core.segmentation",
        "core.sources",
        "core.spark",
        "core.understanding",
        "core.visuals",
    },
    "core.__main__": {"core.cli", "core.terminal"},
    "data": set(),
}
# Library → the only modules of core and data that know it.
DRAWN_OR_FITTED_BY = {
    "streamlit": set(),
    "altair": {
        f"core.views.{name}"
        for name in (
            "charts",
            "chart_parts",
            "bubbles",
            "shares",
            "clickable",
            "quality",
            "campaigns",
            "structure",
            "months",
            "moves",
            "outcomes",
            "svg",
            "flat_map",
            "heatmap",
            "wealth_band",
        )
    },
    "babel": {"core.number_style"},
    "pydeck": {"core.views.maps", "core.views.points"},
    "squarify": {"core.views.treemap"},
    "vl_convert": {"core.views.svg"},
    "jinja2": {"core.views.report"},
    "pptx": {
        f"core.reporting.deck_{name}"
        for name in ("chart", "draw", "numbers", "own", "paint", "template", "text", "xml")
    },
    "xlsxwriter": {"core.reporting.workbook_file", "core.reporting.deck_numbers"},
    "sklearn": {
        "core.threads",
        "core.segments.certainty",
        "core.segments.kmeans",
        "core.segments.mixture_fit",
        "core.segments.model",
        "core.segments.quality",
        "core.segments.reference",
        "core.segments.rule_of_thumb",
        "core.segments.threshold_tree",
    },
    "threadpoolctl": {"core.threads"},
    "multiprocessing": {"core.workers.pool", "core.workers.process"},  # it pickles, between two of our own processes
    "argparse": {
        "core.cli",
        "core.cli_audience",
        "core.cli_into",
        "core.cli_read",
        "core.cli_run",
        "core.cli_model",
        "core.cli_months",
        "core.cli_options",
        "core.cli_outcomes",
        "core.cli_project",
        "core.cli_sample",
        "core.cli_sources",
        "core.cli_spark",
    },
}
# Where what shows uses the customers themselves, not a table of `Analysis` that hides small groups, and why.
USES_CUSTOMERS = {
    "core/reporting/board.py: scenario.customers": "of a scenario that may be shown, or an audience that is not hidden",
    "core/reporting/deck_slides.py: one.scenario.customers": "as on the first page of the report",
    "core/reporting/pictures.py: analysis.selected": "their number; a report on few is not made",
    "core/reporting/pictures.py: rows.customers": "rules of thumb, none while small groups are hidden",
    "core/reporting/report.py: analysis.selected": "their number; a report on few is not made",
    "core/reporting/workbook.py: of.selected": "their number; a workbook on few is not made",
    "core/reporting/workbook_words.py: rows_of(of.study).with_segments": "on request, off while groups are hidden",
    "core/results.py: rows.customers": "files that tell of few, off while small groups are hidden",
    "core/results.py: rows.with_segments": "files that tell of few, off while small groups are hidden",
    "core/results.py: rows_of(analysis.study).with_segments": "files that tell of few, off while they are hidden",
    "pages/components/band.py: _study.customers": "rounded percentiles, those of few off while groups are hidden",
    "pages/components/clicks.py: study.cells": "whether a value occurs at all",
    "pages/components/features.py: _study.customers": "sentences on features, without a count",
    "pages/components/profiles.py: rows.customers": "typical values and rules, off while groups are hidden",
    "pages/components/saved_model.py: rows_of(_view.study).customers": "changes, off while small groups are hidden",
    "pages/components/target_list.py: rows.customers": "rules, in a list that is not given while groups are hidden",
    "pages/components/telling_apart.py: rows.customers": "rules, off while small groups are hidden",
    "pages/components/telling_apart.py: rows_of(_view.study).customers": "shares of all, off while groups are hidden",
    "pages/components/filters.py: _study.cells": "the values that filters offer, without a count",
    "pages/components/source.py: _study.customers": "the segments by a saved model",
    "pages/components/view.py: condensed.cells": "the tables of `Analysis` themselves",
    "pages/components/view.py: _view.selected_of": "the tables of `Analysis` themselves",
}
# What writes numbers for people: in the style in force (`core.figures`).
IN_STYLE = {("core", part) for part in ("views", "visuals", "cubes", "reporting", "strategy")}
GROUPED = re.compile(r"\{\w*:[^}]*,[^}]*\}")  # in a text for `str.format`
STYLES = ("written_as(view.style)", "written_as()")  # the latter where no customers are open yet
RERUNS = {"fragment", "experimental_fragment", "dialog", "experimental_dialog"}  # Streamlit's, of a part of a page
SHOWING = {("core", "reporting"), ("core", "results.py")}
NUMBERS = ("totals", "row", "segments")  # whose `customers` is a number
UNSAFE = {"pickle", "cPickle", "joblib", "dill", "cloudpickle", "marshal", "shelve"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
PAGE_LINES = 60
MODULE_LINES, FUNCTION_LINES = 300, 50
PAGE_IMPORTS = {"streamlit", "core", "pages"}
DRAWING_OR_TABLES = {"alt", "altair", "pdk", "pydeck", "pd", "pandas", "np", "numpy"}
COMPUTING = {"groupby", "merge", "pivot", "pivot_table", "agg", "aggregate", "apply", "query"}

FILES = {
    path.relative_to(ROOT): path.read_text("utf-8")
    for part in ("core", "data", "pages")
    for path in sorted((ROOT / part).rglob("*.py"))
}
PAGES = {path: text for path, text in FILES.items() if path.parent == Path("pages") and path.name != "__init__.py"}


def module(path):
    """`core/views/charts.py` → `core.views.charts`."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(path): text for path, text in FILES.items() if path.parts[0] != "pages"}


@cache
def nodes_of(text):
    """Every node of a source."""
    return list(ast.walk(ast.parse(text)))


@cache
def imports(text):
    """Every module a source imports, as deep as its import statements say."""
    found = set()
    for node in nodes_of(text):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names}
    return found


def prefixes(imported):
    """The module that is imported, or the one it is imported from."""
    return {imported, imported.rpartition(".")[0]} & set(MODULES)


def layer(name):
    """The layer of a module or of something imported from one; None for other people's libraries."""
    fitting = [known for known in ALLOWED if f"{name}.".startswith(f"{known}.")]
    return max(fitting, key=len, default=None)


def names_used(text):
    """Every bare name, every attribute and every called name of a source."""
    nodes = nodes_of(text)
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {
        node.attr for node in nodes if isinstance(node, ast.Attribute)
    }


def too_much_for_a_page(text):
    """What a page must not hold, since a core function is missing where it does."""
    nodes = nodes_of(text)
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    return {
        *(f"defines {getattr(node, 'name', 'a lambda')}" for node in nodes if isinstance(node, definitions)),
        *(f"imports {name}" for name in imports(text) if name.split(".")[0] not in PAGE_IMPORTS),
        *(f"uses {name}" for name in names_used(text) & (DRAWING_OR_TABLES | COMPUTING)),
        *([f"has more than {PAGE_LINES} lines"] if len(text.splitlines()) > PAGE_LINES else []),
    }


def unsafe(text):
    """Modules and calls that run what a file says."""
    calls = {node.func.id for node in nodes_of(text) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    pickling = {name for name in names_used(text) if "pickle" in name}
    return {name for name in imports(text) if UNSAFE & set(name.split("."))} | calls & RUNS_TEXT | pickling


def too_long(text):
    """Whether a module is, and its functions that are."""
    functions = [node for node in nodes_of(text) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = {one.name for one in functions if one.end_lineno - one.lineno + 1 > FUNCTION_LINES}
    return long | ({"the module"} if len(text.splitlines()) > MODULE_LINES else set())


def english_numbers(text):
    """Numbers that are grouped by commas, whatever the style in force."""
    specs = [node.format_spec for node in nodes_of(text) if isinstance(node, ast.FormattedValue) and node.format_spec]
    inside = {part.value for spec in specs for part in spec.values if isinstance(part, ast.Constant)}
    texts = {node.value for node in nodes_of(text) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {spec for spec in inside if "," in spec} | {one for one in texts if GROUPED.search(one)}


def unstyled_fragments(text):
    """Fragments that do not set the style: they rerun in a thread of their own, without the sidebar that sets it."""
    functions = [node for node in nodes_of(text) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    fragments = [one for one in functions if any(RERUNS & names_used(ast.unparse(by)) for by in one.decorator_list)]
    return {one.name for one in fragments if not all(map(_sets_style, one.body[bool(ast.get_docstring(one)) :]))}


def _sets_style(statement):
    texts = [ast.unparse(item) for item in statement.items] if isinstance(statement, ast.With) else []
    return any(text.endswith(STYLES) for text in texts)


def uses_of_customers(path, text):
    """Where a source takes customers from a study or an analysis, or a table with its small groups."""
    names = {"customers", "with_segments", "cells", "selected", "selected_of", "cubes", "_unhidden"}
    found = [node for node in nodes_of(text) if isinstance(node, ast.Attribute) and node.attr in names]
    return {f"{path}: {ast.unparse(one)}" for one in found if not ast.unparse(one.value).endswith(NUMBERS)}


def test_what_is_shown_comes_from_tables_that_hide_small_groups():
    shown = {
        path.as_posix(): text for path, text in FILES.items() if path.parts[:2] in SHOWING or path.parts[0] == "pages"
    }
    assert {one for path, text in shown.items() for one in uses_of_customers(path, text)} == set(USES_CUSTOMERS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tables.count(view.customers, ['state'])", {"p: view.customers"}),
        ("tables.histogram(self.study.cubes[0])", {"p: self.study.cubes"}),
        ("view._unhidden(tables.places)", {"p: view._unhidden"}),
        ("view.table(tables.places)\ntotals.customers", set()),
    ],
)
def test_the_rule_for_what_is_shown_sees(text, expected):
    assert uses_of_customers("p", text) == expected


def test_core_is_imported_whole_without_streamlit():
    names = sorted(name for name in MODULES if not name.endswith("__main__"))
    code = f"""
import importlib, sys
for name in {names}:
    importlib.import_module(name)
print(len([name for name in sys.modules if name.split(".")[0] in ("core", "data")]))
sys.exit("streamlit is imported" if "streamlit" in sys.modules else 0)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stderr, run.returncode, run.stdout) == ("", 0, f"{len(names)}\n")


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_the_layers_below_it(name):
    own = layer(name)
    used = {layer(imported) for imported in imports(MODULES[name])} - {own, None}
    assert used <= ALLOWED[own]
    assert not {imported for imported in imports(MODULES[name]) if imported.startswith((".", "pages"))}


def test_the_rules_look_at_every_layer_and_page():
    assert {layer(name) for name in MODULES} == set(ALLOWED)
    assert {"overview.py", "demographics.py", "strategy.py"} <= {path.name for path in PAGES}


def test_the_layers_themselves_point_one_way():
    assert sorted(TopologicalSorter(ALLOWED).static_order()) == sorted(ALLOWED)  # raises on a circle


def test_no_two_modules_need_each_other():
    needs = {name: {known for one in imports(text) for known in prefixes(one)} for name, text in MODULES.items()}
    assert sorted(TopologicalSorter(needs).static_order()) == sorted(MODULES)  # raises on a circle


@pytest.mark.parametrize(("library", "allowed"), DRAWN_OR_FITTED_BY.items(), ids=DRAWN_OR_FITTED_BY)
def test_a_library_is_known_only_where_it_draws_or_fits(library, allowed):
    assert {
        name for name, text in MODULES.items() if library in {one.split(".")[0] for one in imports(text)}
    } <= allowed


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_shows_and_computes_nothing(path):
    assert too_much_for_a_page(PAGES[path]) == set()


@pytest.mark.parametrize("path", FILES, ids=str)
def test_nothing_that_a_file_says_is_run(path):
    assert unsafe(FILES[path]) == set()


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_module_or_function_is_long(path):
    assert too_long(FILES[path]) == set()


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[:2] in IN_STYLE or path.parts[0] == "pages"])
def test_numbers_for_people_are_in_the_style_in_force(path):
    assert english_numbers(FILES[path]) == set(), "use core.figures.count"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('f"{size:,} rows"', {","}),
        ('f"{size:>8,.1f}"', {">8,.1f"}),
        ('"{:,} rows".format(size)', {"{:,} rows"}),
        ('f"{count(size)}, {name:>8} or {day:%d}"', set()),
        ('form = ",.1f"', set()),
    ],
)
def test_the_rule_for_numbers_sees(text, expected):
    assert english_numbers(text) == expected


def test_what_reruns_alone_sets_the_style():
    shown = {path: text for path, text in FILES.items() if path.parts[0] == "pages"}
    assert {path: found for path, text in shown.items() if (found := unstyled_fragments(text))} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@st.fragment\ndef card(view):\n    count(1)", {"card"}),
        ("@fragment(run_every=1)\ndef card(view):\n    'Of all.'\n    st.write(view)", {"card"}),
        ("@st.dialog('Card')\ndef card(view):\n    with st.container():\n        count(1)", {"card"}),
        ("@st.fragment\ndef card(view):\n    'All.'\n    with figures.written_as(view.style):\n        f()", set()),
        ("@st.cache_data\ndef card(view):\n    count(1)", set()),
    ],
)
def test_the_rule_for_what_reruns_alone_sees(text, expected):
    assert unstyled_fragments(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n" * 300, set()),
        ("\n" * 301, {"the module"}),
        ("class A:\n    def one(self):" + "\n        1" * 49, set()),
        ("class A:\n    def one(self):" + "\n        1" * 50, {"one"}),
        ("async def one():" + "\n    1" * 50, {"one"}),
    ],
    ids=["300 lines", "301 lines", "50 lines", "51 lines", "51 lines and async"],
)
def test_the_rule_for_lengths_sees(text, expected):
    assert too_long(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def total(x): ...", {"defines total"}),
        ("class Card: ...", {"defines Card"}),
        ("key = lambda row: row", {"defines a lambda"}),
        ("import pandas as pd", {"imports pandas"}),
        ("from altair import Chart", {"imports altair.Chart"}),
        ("table.groupby('state')", {"uses groupby"}),
        ("pd.DataFrame()", {"uses pd"}),
        ("\n" * 61, {"has more than 60 lines"}),
        ("import streamlit as st\nfrom core.views import charts\nst.altair_chart(charts.pie(view))", set()),
    ],
)  # fmt: skip
def test_the_rule_for_pages_sees(text, expected):
    assert too_much_for_a_page(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import pickle", {"pickle"}),
        ("from joblib import load", {"joblib.load"}),
        ("from sklearn.externals import joblib", {"sklearn.externals.joblib"}),
        ("pd.read_pickle('model')", {"read_pickle"}),
        ("eval('1')", {"eval"}),
        ("re.compile('a')", set()),
    ],
)
def test_the_rule_for_what_is_run_sees(text, expected):
    assert unsafe(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("core.views.charts", "core.views"),
        ("core.rules.Rules", "core.rules"),
        ("core.newcomer", "core"),
        ("corelib", None),
        ("pandas", None),
    ],
)
def test_a_module_belongs_to_the_longest_layer_that_fits(name, expected):
    assert layer(name) == expected
