"""A country of three squares, as a folder that `core.countries` reads."""

import json
from pathlib import Path

from core.countries.country import Country, read_country

FILES = {
    "country.toml": """
name = "Atlantis"
currency = "₳"
region = "State"
shapes = ["99999"]
shortest = 4

[view]
latitude = 5.0
longitude = 15.0
zoom = 4.0
""",
    "regions.csv": "code,name,longitude,latitude\nNL,Northland,5,5\nSL,Southland,15,5\nEL,Eastland,25,5\n",
    "spellings.csv": "code,spelling\nNL,Nordland\n",
    "places.csv": "first,last,name,region,latitude,longitude\n01,,,NL,,\n02000,02999,Lagoon,NL,6,6\n9,,,SL,,\n",
}


def square(west: int) -> dict:
    ring = [[west, 0], [west + 10, 0], [west + 10, 10], [west, 10], [west, 0]]
    return {"type": "Polygon", "coordinates": [ring]}


def write_country(folder: Path) -> Country:
    """Atlantis, written to a folder and read from it."""
    home = folder / "QQ"
    home.mkdir()
    for name, text in FILES.items():
        (home / name).write_text(text, "utf-8")
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": square(west)}
        for code, west in {"NL": 0, "SL": 10, "EL": 20}.items()
    ]
    (home / "borders.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return read_country(home)


def customers() -> bytes:
    """Customers of Atlantis: 60 in the north and 57 in the south, three in the east."""
    rows = ["customer_id,age,tenure,balance,state,postcode"]
    for i in range(120):
        state = "Eastland" if i < 3 else ("Nordland", "SL")[i % 2]
        postcode = "1234" if state == "Nordland" else "90000"
        rows.append(f"c{i},{25 + i % 7 + 30 * (i % 2)},{1 + i % 4},{50_000 + 4_000 * i},{state},{postcode}")
    return "\n".join(rows).encode()
