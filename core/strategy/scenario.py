"""A campaign's arithmetic: whom it reaches, what it costs, what it brings.

The value of a campaign is its *incremental* conversions, those that would not have happened
without it (the uplift view of Radcliffe, "Using control groups to target on predicted lift", 2007).
"""

from dataclasses import dataclass

from core.errors import RulesError


@dataclass(frozen=True)
class Campaign:
    """Inputs per contacted customer; rates are shares from 0 to 1, money in dollars.

    `baseline` is the conversion rate without the campaign, `uplift` what the campaign adds to it in
    absolute terms: 0.02 is two more conversions per hundred customers contacted.
    """

    contactable: float = 0.8
    cost_per_contact: float = 5.0
    baseline: float = 0.02
    uplift: float = 0.02
    value_per_conversion: float = 600.0

    def __post_init__(self) -> None:
        for name in ("contactable", "baseline", "uplift"):
            if not 0 <= getattr(self, name) <= 1:
                raise RulesError(f"{name} is {getattr(self, name):g}.", "Give a share from 0 to 1.")
        if self.cost_per_contact < 0:
            raise RulesError("The contact cost is negative.", "Give 0 or more.")


@dataclass(frozen=True)
class Outcome:
    """What a campaign brings: whole customers, conversions, dollars, ROI as a multiple of the cost.

    `roi` and `break_even_uplift` are None where there is nothing to divide by.
    """

    audience: int
    reached: int
    incremental_conversions: float
    cost: float
    value: float
    net_value: float
    roi: float | None
    break_even_uplift: float | None


def simulate(audience: int, campaign: Campaign) -> Outcome:
    """Work out a campaign to an audience of so many customers.

    reached = audience × contactable; incremental conversions = reached × min(uplift, 1 − baseline);
    cost = reached × cost per contact; value = incremental conversions × value per conversion;
    net value = value − cost; ROI = net value ÷ cost; the break-even uplift is cost per contact ÷
    value per conversion.
    """
    reached = round(audience * campaign.contactable)
    conversions = reached * min(campaign.uplift, 1 - campaign.baseline)
    cost = reached * campaign.cost_per_contact
    value = conversions * campaign.value_per_conversion
    worth = campaign.value_per_conversion
    return Outcome(
        audience=audience,
        reached=reached,
        incremental_conversions=conversions,
        cost=cost,
        value=value,
        net_value=value - cost,
        roi=(value - cost) / cost if cost else None,
        break_even_uplift=campaign.cost_per_contact / worth if worth > 0 else None,
    )
