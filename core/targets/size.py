"""How many are contacted, and how many are held out beside them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from core.errors import DataError
from core.figures import coefficient, count, share
from core.strategy.control import POWER, detectable, least_held_out
from core.targets.assignment import CONTROL, Split, arms_by_share
from core.targets.choice import ListChoice

STEPS: Final = 1000  # of a share that is raised: few digits, so that it can be typed again


def drawn(ids: Sequence[str] | pd.Series, choice: ListChoice) -> tuple[Split, pd.Categorical]:
    """The split with the share held out, and the arms of customers in order, down to the last who is contacted.

    A hash holds out a share up to chance. Where an uplift is wished for, the share is raised until those drawn show
    it. Where no share reaches it, the split has the share that is expected to.

    Raises
    ------
    DataError
        The audience is too small for the uplift.
    """
    arms_by, wished, baseline = arms_by_share(ids, choice.split), choice.uplift, choice.baseline

    def cut(held_out: float) -> tuple[Split, pd.Categorical]:
        return replace(choice.split, control=held_out), cut_to(arms_by(held_out), choice.most)

    if wished is None or baseline is None:
        return cut(choice.split.control)
    expected = _expected_share(choice, len(ids), wished, baseline)
    shares = [steps / STEPS for steps in range(int(np.ceil(expected * STEPS)), STEPS)]
    shown = (each for share in shares if shown_uplift((each := cut(share))[1], baseline) <= wished)
    return next(shown, None) or cut(expected)


def shown_uplift(arms: pd.Categorical, baseline: float) -> float:
    """The uplift that each arm shows beside the control group (`control.detectable`), as a share."""
    sizes = arms.value_counts()
    return detectable(float(sizes[CONTROL]), float(sizes.drop(CONTROL).min()), baseline)


def cut_to(arms: pd.Categorical, most: int | None) -> pd.Categorical:
    """The arms of those down to the last who is contacted, best first."""
    contacted = np.cumsum(np.asarray(arms != CONTROL))
    if most is None or not len(arms) or contacted[-1] <= most:
        return arms
    return arms[: int(np.searchsorted(contacted, most)) + 1 if most else 0]


def _expected_share(choice: ListChoice, customers: int, uplift: float, baseline: float) -> float:
    """The least share that is expected to show an uplift."""
    bound = customers if choice.most is None else choice.most

    def reached(held_out: int) -> int:
        return min(bound, customers - held_out)

    def each(held_out: int) -> float:
        return reached(held_out) / len(choice.split.arms)

    # With several arms beside one control, the most is shown by a control group of the root of their number.
    room = max(customers - bound, int(customers / (1 + np.sqrt(len(choice.split.arms)))))
    held_out = least_held_out(each, room, uplift, baseline)
    if held_out is None:
        least = detectable(room, each(room), baseline)
        shown = f"shows {coefficient(least * 100, 1)} points or more" if np.isfinite(least) else "shows none"
        few = f"Contacting {count(bound)}" if bound < customers else f"This audience of {count(customers)}"
        raise DataError(
            f"{few} is too few to show an uplift of {coefficient(uplift * 100, 1)} points: even with "
            f"{count(room)} held out it {shown} (in {share(POWER, 0)} of such campaigns).",
            "Contact more customers, or choose a share to hold out.",
        )
    return held_out / (held_out + reached(held_out))
