"""How many are contacted, and how many are held out beside them."""

import numpy as np
import pandas as pd

from core.errors import DataError
from core.figures import coefficient, count, share
from core.strategy.control import POWER, detectable, least_held_out
from core.targets.assignment import CONTROL
from core.targets.choice import ListChoice


def control_share(choice: ListChoice, customers: int) -> float:
    """The share held out: that of the split, or the least that shows the wished uplift.

    Raises
    ------
    DataError
        The audience is too small for it.
    """
    if choice.uplift is None or choice.baseline is None:
        return choice.split.control
    most, baseline = choice.most, choice.baseline
    bound = customers if most is None else most

    def reached(held_out: int) -> int:
        return min(bound, customers - held_out)

    def each(held_out: int) -> float:
        return reached(held_out) / len(choice.split.arms)

    # With several arms beside one control, the most is shown by a control group of the root of their number.
    room = max(customers - bound, int(customers / (1 + np.sqrt(len(choice.split.arms)))))
    held_out = least_held_out(each, room, choice.uplift, baseline)
    if held_out is None:
        least = detectable(room, each(room), baseline)
        shown = f"shows {coefficient(least * 100, 1)} points or more" if np.isfinite(least) else "shows none"
        few = f"Contacting {count(bound)}" if bound < customers else f"This audience of {count(customers)}"
        raise DataError(
            f"{few} is too few to show an uplift of {coefficient(choice.uplift * 100, 1)} points: even with "
            f"{count(room)} held out it {shown} (in {share(POWER, 0)} of such campaigns).",
            "Contact more customers, or choose a share to hold out.",
        )
    return held_out / (held_out + reached(held_out))


def cut_to(arms: pd.Categorical, most: int | None) -> pd.Categorical:
    """The arms of those down to the last who is contacted, best first."""
    contacted = np.cumsum(np.asarray(arms != CONTROL))
    if most is None or not len(arms) or contacted[-1] <= most:
        return arms
    return arms[: int(np.searchsorted(contacted, most)) + 1 if most else 0]
