"""The analysis that downloads and report are made from: customers, segments, filters, scenarios, measures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd

from core.categories import own
from core.certainty import CertainSelection
from core.customer_base import rows_of, warnings_of
from core.errors import MeasureError
from core.intake.match import frozen_roles
from core.measures.columns import Columns
from core.measures.measure import Measure, Result, results
from core.money import ppp_for, sign_for, style_for
from core.number_style import NumberStyle
from core.remarks import Remark
from core.schema import CLUSTER, NOT_CLUSTERED, OUTLIERS, YES_NO
from core.segments.advice import about_features
from core.segments.choose_k import verdict
from core.segments.distributions import distributions
from core.segments.model import Model, freeze
from core.segments.traits import Trait, distance, traits
from core.strategy.audience import Audience, moved, moves, parts
from core.strategy.insights import MOST_FIELDS, Insight, facts, find, nothing
from core.strategy.scenario import Scenario
from core.strategy.starts import Starts, starts
from core.views import suppress, tables
from core.views.differences import rounded_differences, shown_differences
from core.views.headline import in_segments
from core.views.palette import by_label
from core.views.summary import mean
from core.visuals.kpis import unknown_affluence
from core.visuals.profiles_headline import profiles_headline

NO_SUMS: Final = "This result has sums only, and none by all that is compared or filtered by."

COMPARED: Final = ["cluster", "column", "value"]  # what tells a difference


@dataclass(frozen=True)
class Analysis(CertainSelection):
    """A selection of customers, with the scenarios and measures of the analyst.

    `sample` says that the customers are made up. `numbers` is how numbers are written, if not as the rules of the
    customers say. `template` has the masters and theme of the deck, `remarks` are the analyst's notes.
    """

    scenarios: tuple[Scenario, ...] = ()
    measures: tuple[Measure, ...] = ()
    sample: bool = False
    numbers: str = ""
    template: bytes = b""
    remarks: tuple[Remark, ...] = ()

    @property
    def currency(self) -> str:
        """The sign that amounts of money are shown with: that of all amounts, else of the customers' country."""
        return sign_for(self.study)

    @property
    def style(self) -> NumberStyle:
        """How numbers are written for people (`figures.written_as`)."""
        return style_for(self.study, self.numbers)

    @cached_property
    def starts(self) -> Starts:
        """What the inputs of a campaign start from: by the average wealth of all customers, whatever the filters."""
        wealth = self.study.wealth
        sums = self.everybody.sums(wealth.measure) if wealth.measure in self.study.filled else None
        found = None if sums is None or sums.empty else float(mean(sums, wealth.measure).iloc[0])
        return starts(ppp_for(self.study), found, wealth.meaning)

    @property
    def why_not_tried(self) -> str:
        """Why another rule of mass affluent than today's cannot be tried, as a sentence; empty where it can."""
        rules = self.study.rules
        bound = rules.mass_affluent.min_property_valuation
        return self.why_not(moves, rules, replace(rules.mass_affluent, min_property_valuation=bound + 1))

    def results(self, measures: Sequence[Measure], columns: Columns) -> tuple[Result, ...]:
        """The analyst's measures of the selected customers, by one table if possible; none while groups are hidden."""
        if self.hide or not measures:  # a formula can count few
            return ()
        try:
            together: tuple[Result, ...] | None = self.table(results, tuple(measures), columns, self.currency)
        except MeasureError:  # one formula is wrong; the others are computed one by one
            together = None
        return together or tuple(self._result(measure, columns) for measure in measures)

    def _result(self, measure: Measure, columns: Columns) -> Result:
        try:
            (found,) = self.table(results, (measure,), columns, self.currency) or (None,)
        except MeasureError as error:
            return Result(measure, error=error)
        return found or Result(measure, error=MeasureError(NO_SUMS, "Compare fewer columns.", measure.formula, 0))

    @property
    def formula_columns(self) -> Columns:
        """The columns that a formula can name."""
        return {**self.study.formula_columns, CLUSTER: tuple(self.segments.names)}

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Sentences to read before trusting the numbers: on files, rules, unknown flags, features and drivers.

        The verdict on the structure and `why_not_clustered` are shown beside them.
        """
        unknown = unknown_affluence(self.totals, hide=self.hide) if self.study.wealth.tells else ""
        return (
            *self.quality_warnings,
            *([unknown] if unknown else []),
            *self.advice,
            *self.drivers,
        )

    @property
    def quality_warnings(self) -> list[str]:
        """Sentences on the files and their wealth (`customer_base.warnings_of`), without those on few customers."""
        return warnings_of(self.study, self.too_few)

    @property
    def advice(self) -> list[str]:
        """Sentences on the features in use (`advice.about_features`), which need rows."""
        rows = self.study.rows
        return [] if rows is None else about_features(rows.customers, rows.columns, self.segments)

    @property
    def drivers(self) -> list[str]:
        """Sentences on protected attributes that the segments follow (`advice.about_drivers`)."""
        return self.study.drivers(self.segments)

    @property
    def differences(self) -> pd.DataFrame:
        """The differences of each segment from all customers (`explain.differences`): some hidden, others rounded."""
        found = self.shown_differences(self.study.differences(self.segments))
        return rounded_differences(found, self.sizes) if self.hide else found

    @property
    def insights(self) -> tuple[Insight, ...]:
        """The groups that stand out among the selected customers; small ones are hidden."""
        return find(self._unhidden(facts, self.compared), shown=self.shown if self.hide else None)

    @property
    def compared(self) -> tuple[str, ...]:
        """Categories of the file that insights compare; of a result those that its first cube is by."""
        known = {*self.study.categories}.intersection(self.study.keys(0))
        wealth = self.study.wealth.source  # a band of it tells the mass affluent
        others = [column for column in self.study.columns if not wealth or column.header != wealth]
        return tuple(name for name in own(others) if name in known)[:MOST_FIELDS]

    @property
    def nothing_stands_out(self) -> str:
        """Why no group stands out, as a sentence."""
        return nothing(self.totals.mass_affluent_known + self.totals.high_potential_known)

    @property
    def distributions(self) -> pd.DataFrame:
        """The usual values of each segment's customers (`distributions.distributions`); it needs rows."""
        rows = rows_of(self.study)
        return distributions(rows.customers, rows.columns, self.segments, least=suppress.MINIMUM)

    @cached_property
    def model(self) -> Model:
        """The saved model with the names given to its segments, or that of these segments."""
        if model := self.saved or self.study.model:
            return replace(model, names={label: self.segments.names[label] for label in model.names})
        return self.frozen

    @property
    def frozen(self) -> Model:
        """The model of these segments, also where they come from a saved one."""
        study = self.study
        return freeze(
            self.segments, study.rules, files=study.files, digest=study.digest, seed=self.seed,
            colours=by_label(self.segments.names), structure=verdict(self.structure, self.segments.k),
            columns=study.result_columns, described=study.columns,
            wealth=study.wealth, country=study.country, roles=frozen_roles(study.sources),
            decided=study.decided,
        )  # fmt: skip

    @property
    def showable_scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios that may be shown."""
        return self.showable(self.scenarios)

    def showable(self, scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
        """The scenarios without those for few customers, where these are hidden."""
        return tuple(scenario for scenario in scenarios if not self.too_few(scenario.customers, self.study.size))

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """All customers by cluster, as far as they may be shown."""
        return self.everybody.table(tables.by_cluster)

    @property
    def why_not_clustered(self) -> str:
        """Who is not clustered and why, as a sentence; empty where it would show few customers."""
        segments = self.segments
        return "" if self.hide and self._why_shows_few() else segments.why_not_clustered(self.study.columns)

    def _why_shows_few(self) -> bool:
        segments = self.segments
        groups = {NOT_CLUSTERED: segments.not_clustered, OUTLIERS: segments.outliers}
        missing = [number for number in segments.missing.values() if number]
        more_than_one = sum(missing) - segments.not_clustered
        few = any(self.too_few(number, segments.not_clustered) for number in (*missing, more_than_one))
        return few or bool({group for group, number in groups.items() if number} - set(self.sizes[CLUSTER]))

    def shown_differences(self, differences: pd.DataFrame) -> pd.DataFrame:
        """The differences of the segments (`explain.differences`) that may be shown."""
        return shown_differences(differences, self.customers, self._counted) if self.hide else differences

    def _counted(self, column: str) -> pd.DataFrame | None:
        """All customers by segment and a column; None where there are no sums by it."""
        return self.everybody._unhidden(tables.count, (CLUSTER, column))

    def distinguishing_traits(self, cluster: str) -> list[str]:
        """The traits of a segment (`traits.distinguishing_traits`), without the shares that are hidden."""
        return [trait.text for trait in self.traits(cluster)]

    def traits(self, cluster: str) -> list[Trait]:
        """The same with their parts."""
        return traits(self.segments, cluster, self.study.columns, self.hidden_features(cluster), everybody=self._beside)

    @property
    def profiles_headline(self) -> str:
        """How the segments of all customers differ, as a sentence; nothing of those that are hidden."""
        shown = in_segments(self.sizes)[CLUSTER]
        distances = {label: distance(self.segments, label, self.hidden_features(label)) for label in shown}
        furthest = max(distances, key=lambda label: distances[label], default="")
        return profiles_headline(distances, self.traits(furthest) if furthest else (), self.names)

    @cached_property
    def means(self) -> dict[str, float]:
        """The mean of each feature among all customers of whom it is known, of a yes/no one the share of Yes.

        Features of which a result has no sums are left out.
        """
        answers = [feature.name for feature in self.segments.feature_specs if feature.yes_no]
        sums = self.decimals(*(name for name in self.segments.features if name not in answers))
        table = self.everybody._unhidden(tables.sums, sums)
        means = {name: float(mean(table, name).iloc[0]) for name in sums}
        for name in answers:
            if (counts := self.everybody._unhidden(tables.count, (name,))) is not None:
                by_answer = counts.set_index(name)["customers"]
                means[name] = by_answer.get("Yes", 0) / max(sum(by_answer.get(answer, 0) for answer in YES_NO[:2]), 1)
        return means

    @cached_property
    def _beside(self) -> dict[str, float]:
        """The means that traits stand beside; none that, less the segments shown, would be the mean of few."""
        answers = {feature.name for feature in self.segments.feature_specs if feature.yes_no}
        pairs = [(label, name, "") for label in self.segments.names for name in self.means if name not in answers]
        kept = {*self.shown_differences(pd.DataFrame(pairs, columns=COMPARED))["column"]}
        return {name: mean for name, mean in self.means.items() if name in kept | answers}

    def hidden_features(self, cluster: str) -> set[str]:
        """The features, and the categories, whose mean or share must not be shown of a segment."""
        return self._hidden_features[cluster] if self.hide else set()

    @cached_property
    def _hidden_features(self) -> dict[str, set[str]]:
        """The same by segment. What is not beside all customers is beside the clustered: some of them may be hidden."""
        segments, sizes = self.segments, self.segments.profile.set_index("cluster")["customers"]
        answers = {feature.name: YES_NO[0] for feature in segments.feature_specs if feature.yes_no}
        values = {
            label: answers | {level.category.name: level.text for level in segments.strongest_levels(label)}
            for label in sizes.index
        }
        rows = [(label, *pair) for label, by_name in values.items() for pair in by_name.items()]
        shown = self.shown_differences(pd.DataFrame(rows, columns=COMPARED))
        may = {*zip(shown["cluster"], shown["column"], strict=True)}
        few = self.too_few(int(sizes[~sizes.index.isin(self.sizes[CLUSTER])].sum()), self.study.size)
        beside_clustered = {*segments.features, *segments.scalings}.difference(self._beside) if few else set()
        return {
            label: beside_clustered | {name for name in by_name if (label, name) not in may}
            for label, by_name in values.items()
        }

    def hides(self, audience: Audience, table: pd.DataFrame, left_out: int = 0) -> bool:
        """Whether the size of an audience must be hidden; `table` is that of `audience.moves`.

        `left_out` is how many it lacks because they are unsure of their segment.
        """
        if not self.hide:
            return False
        cells = parts(table, audience.group)
        inside = cells[cells["inside"] == "Yes"]
        whole = int(cells["customers"].sum())
        if self.too_few(left_out, whole):
            return True
        if audience.group == "Mass affluent" and any(self.too_few(n, whole) for n in moved(table, audience.segments)):
            return True  # the cards show the size by today's rule
        if not audience.segments:
            return self.too_few(int(inside["customers"].sum()), whole)
        chosen = inside[inside[CLUSTER].isin(audience.segments)]
        return len(self.shown(cells).merge(chosen)) < len(chosen)
