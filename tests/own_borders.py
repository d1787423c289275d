"""A bank with six branches, and the borders of their areas."""

import json

BRANCHES = ("North Harbour", "North Hills", "South Harbour", "South Hills", "West Plains", "East Coast")
BORDERS_FILE = "areas.geojson"


def borders(names=BRANCHES, **properties):
    """A square per branch, side by side, with its number beside its name; further properties take it, too."""
    squares = ([[x, -30], [x + 1, -30], [x + 1, -25], [x, -25], [x, -30]] for x in range(99, 99 + len(names)))
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [square]},
         "properties": {"OBJECTID": number, "branch": name} | {key: make(number) for key, make in properties.items()}}
        for number, (name, square) in enumerate(zip(names, squares, strict=True), 1)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def customers(names=BRANCHES, header="branch", rows=240):
    """Customers of each branch in turn, with a state of Australia."""
    lines = (
        f"c{i},{names[i % len(names)]},{20 + i % 50},{1000 + 37 * i},{('NSW', 'VIC')[i % 2]},{2000 + 1000 * (i % 2)}"
        for i in range(rows)
    )
    return "\n".join([f"customer_id,{header},age,balance,state,postcode", *lines]).encode()
