"""How often choosing k is right about data of known structure: `python tests/bench/bench_structure.py --help`.

Prints, per family of data, in how many sets each method recommends the true number of groups: none, where there is no
structure. The evidence is kept in a folder, so that other bounds are tried in seconds (`--bounds`).
"""

import argparse
import pickle
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.segments.choose_k import choose
from core.segments.evidence import Score, sample, score_fewer
from core.segments.features import feature_matrix
from core.segments.registry import DEFAULT_CLUSTERER
from core.segments.sweep import sweep
from tests.bench.structure.methods import METHODS
from tests.bench.structure.procedure import Evidence, chosen_bounds
from tests.bench.structure.sets import FAMILIES, Set

OURS = "ours"


def evidence(one: Set) -> tuple[Score, ...]:
    """The scores of every number of segments, in fewer features those, too, that laxer bounds would call groups."""
    customers = pd.DataFrame(one.points).add_prefix("feature_")
    matrix = feature_matrix(customers, list(customers))
    scores, scored = sweep(matrix, range(2, one.most + 1), whole=False), sample(matrix)
    if scored is None:
        return scores
    return tuple(replace(score, fewer=score_fewer(scored, score.k, DEFAULT_CLUSTERER, whole=True)) for score in scores)


def others(one: Set) -> dict[str, int | None]:
    """How many groups each other method says."""
    spread = one.points.std(axis=0)
    points = (one.points - one.points.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return {name: say(points, range(2, one.most + 1)) for name, say in METHODS.items()}


def kept(folder: Path, what: str, sets: Sequence[Set], find: object) -> list:
    """What `find` gives for each set, found once and kept in the folder."""
    path = folder / f"{what}.pickle"
    found = pickle.loads(path.read_bytes()) if path.exists() else {}  # our own
    for done, one in enumerate(sets, 1):
        if one.name not in found:
            print(f"\r{what}: {done} of {len(sets)}", end="", file=sys.stderr, flush=True)
            found[one.name] = find(one)
            path.write_bytes(pickle.dumps(found))
    return [found[one.name] for one in sets]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or the bounds that the procedure chooses."""
    options = _parser().parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in FAMILIES if not options.family or name in options.family]
    families = {name: list(FAMILIES[name](options.seeds, options.rows)) for name in names}
    scores = {name: kept(options.folder, f"{name} {options.rows}", sets, evidence) for name, sets in families.items()}
    if options.bounds:
        pairs = {
            name: [Evidence(one.name, one.k, *at) for one, *at in zip(sets, scores[name], strict=True)]
            for name, sets in families.items()
        }
        print(chosen_bounds(pairs))
        return
    print("| family | sets | " + " | ".join([OURS, *([] if options.ours else METHODS)]) + " |")
    for name, sets in families.items():
        said = [{OURS: choose(one).k} for one in scores[name]]
        if not options.ours:
            more = kept(options.folder, f"{name} {options.rows} others", sets, others)
            said = [{**one, **other} for one, other in zip(said, more, strict=True)]
        right = {method: sum(one[method] == of.k for one, of in zip(said, sets, strict=True)) for method in said[0]}
        print(f"| {name} | {len(sets)} | " + " | ".join(map(str, right.values())) + " |", flush=True)
        for of, one in zip(sets, said, strict=True):
            if options.wrong and one[OURS] != of.k:
                print(f"    {of.name}: {of.k} groups, said {one}")
    print(dict(Counter(choose(one).level for family in scores.values() for one in family)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", action="append", choices=[*FAMILIES], help="only this one, or these")
    parser.add_argument("--seeds", type=int, default=2, help="sets of each kind (default 2; 30 mixtures for each)")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--ours", action="store_true", help="without the other methods")
    parser.add_argument("--wrong", action="store_true", help="also name the sets that ours is wrong about")
    parser.add_argument("--bounds", action="store_true", help="choose the bounds by the procedure")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "structure", help="keeps evidence")
    return parser


if __name__ == "__main__":
    main()
