"""Files of borders: what is read of GeoJSON and TopoJSON, and what is refused or left out with a sentence."""

import json
import math
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError, UnreadableFileError
from core.intake.read import SourceFile
from core.territories import layer, rings
from core.territories.layer import is_borders, layers_of
from core.territories.rings import Rounding, area, drawable, label_point

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]


def box(x, y=0.0, size=10.0):
    return [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]]


def feature(name, coordinates=None, kind="Polygon", **more):
    return {
        "type": "Feature", "properties": {"branch": name},
        "geometry": {"type": kind, "coordinates": coordinates or box(0)},
    } | more  # fmt: skip


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": [*features], **more}


def read(document, name="areas.json"):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return SourceFile(name, content).tables()


def topology(*geometries, arcs, **more):
    objects = {"areas": {"type": "GeometryCollection", "geometries": [*geometries]}}
    return {"type": "Topology", "objects": objects, "arcs": arcs, **more}


def test_a_feature_collection_is_borders_whatever_its_name_and_no_table():
    reading = read(collection(feature("North"), feature("South", box(20))), "customers.csv")
    assert reading.tables == ()
    (one,) = reading.layers
    assert [(one.properties, one.polygons) for one in one.features] == [
        ({"branch": "North"}, ((((0, 0), (10, 0), (10, 10), (0, 10), (0, 0)),),)),
        ({"branch": "South"}, ((((20, 0), (30, 0), (30, 10), (20, 10), (20, 0)),),)),
    ]


@pytest.mark.parametrize(
    "document",
    [
        feature("North"),
        [feature("North"), feature("South", box(20))],
        b"\n".join(json.dumps(feature(name)).encode() for name in ("North", "South")),
        collection(feature("North", [box(0), box(20)], "MultiPolygon")),
        {"features": [feature("North")], "bbox": [0, 0, 1, 1], "type": "FeatureCollection"},
        collection({
            "type": "Feature", "properties": {"branch": "North"},
            "geometry": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": box(0)}]},
        }),
        collection(feature("North"), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}),
        collection(feature("North", [[[*point, 250.5] for point in SQUARE]])),
        collection(feature("North", [SQUARE[:-1]])),
    ],
    ids=["feature", "list", "lines", "multi", "type last", "geometries", "crs", "height", "open ring"],
)  # fmt: skip
def test_every_form_of_geojson_is_read(document):
    first = read(document).layers[0].features[0]
    assert first.properties == {"branch": "North"}
    assert first.polygons[0][0] == tuple(map(tuple, SQUARE))


@pytest.mark.parametrize(
    "document",
    [
        [{"type": "Feature", "age": 3}, {"type": "x", "age": 4}],
        {"type": "FeatureCollection", "customers": [{"age": 3}, {"age": 4}]},
        [{"type": ["a"], "age": 3}],
    ],
)
def test_records_with_a_column_called_type_are_still_a_table(document):
    reading = read(document)
    assert (len(reading.tables), reading.layers) == (1, ())


def test_numbers_among_the_properties_keep_their_digits_and_long_texts_are_left_out():
    properties = {"code": 7, "share": 0.5, "text": "x" * 1_000_000, "open": True, "none": None, "list": ["a"], "": "a"}
    (one,) = read(collection(feature("x") | {"properties": properties, "id": 12})).layers[0].features
    assert one.properties == {"id": "12", "code": "7", "share": "0.5"}


ARCS = [[[0, 0], [10, 0]], [[10, 0], [10, 10], [0, 10], [0, 0]], [[10, 0], [20, 0], [20, 10], [10, 10], [10, 0]]]


def test_a_topology_is_unfolded_also_when_it_is_quantised():
    plain = topology({"type": "Polygon", "arcs": [[0, 1]], "properties": {"branch": "North"}}, arcs=ARCS)
    steps = [[[0, 0], [20, 0]], [[20, 0], [0, 20], [-20, 0], [0, -20]]]
    whole = topology(
        {"type": "MultiPolygon", "arcs": [[[0, 1]]], "properties": {"branch": "North"}}, arcs=steps,
        transform={"scale": [0.5, 0.5], "translate": [0, 0]},
    )  # fmt: skip
    for document in (plain, whole):
        (one,) = read(document).layers[0].features
        assert one.polygons == ((tuple(map(tuple, SQUARE)),),)


def test_arcs_backwards_make_the_same_area():
    document = topology({"type": "Polygon", "arcs": [[-2, -1]], "properties": {"branch": "North"}}, arcs=ARCS)
    (one,) = read(document).layers[0].features
    assert area(one.polygons[0][0]) == -100


def test_each_object_of_a_topology_is_a_layer():
    one = {"type": "Polygon", "arcs": [[0, 1]], "properties": {"branch": "North"}}
    document = topology(one, arcs=ARCS)
    document["objects"]["regions"] = {"type": "GeometryCollection", "geometries": [one]}
    assert [one.file for one in read(document).layers] == ["areas.json: areas", "areas.json: regions"]


def nested(depth):
    return b'{"type":"FeatureCollection","features":' + b"[" * depth + b"]" * depth + b"}"


def deep_geometries(depth):
    geometry = {"type": "Polygon", "coordinates": box(0)}
    for _ in range(depth):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    return collection({"type": "Feature", "properties": {}, "geometry": geometry})


METRES = [[[1_482_213.5, 6_213_345], [1_482_313, 6_213_345], [1_482_313, 6_213_445], [1_482_213.5, 6_213_345]]]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (collection(), "areas.json: There is no territory in it. Export the territories as areas"),
        (collection(None, 7, "x", []), "Left out: feature 1 has no geometry, feature 2 has no geometry, feature 3"),
        (collection(feature("x", [1, 2], "Point")), "1 points in it are no areas and are left out."),
        (collection(feature("x", SQUARE, "LineString")), "1 lines in it are no areas"),
        (collection(feature("x", [[[0, 0], [1, 1], [0, 0]]])), "feature 1 has a ring of 2 different points"),
        (collection(feature("x", [[[0, 0], [1, None], [1, 1], [0, 0]]])), "feature 1 has a position that is no pair"),
        (collection(feature("x", [[[0, 0], [1], [1, 1], [0, 0]]])), "feature 1 has a position that is no pair"),
        (collection(feature("x", [[[0, 0], [True, 0], [1, 1], [0, 0]]])), "no pair of numbers"),
        (b'{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1e999,0],[1,1],[0,0]]]}}', "no pair"),
        (b'{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[NaN,0],[1,1],[0,0]]]}}', "no pair"),
        (collection(feature("x", "text")), "feature 1 has coordinates that are no list"),
        (collection(feature("x", {"a": 1})), "feature 1 has coordinates that are no list"),
        (collection(feature("x", [7])), "feature 1 has coordinates that are no list"),
        (collection(feature("x", [[]])), "feature 1 has a ring of 0 different points"),
        (collection(feature("x", [], "MultiPolygon") | {"geometry": {"type": "MultiPolygon", "coordinates": []}}),
         "feature 1 has an area without coordinates"),
        (collection(feature("x", kind="Sphere")), "feature 1 has a geometry of type 'Sphere'"),
        (collection(feature("x", METRES)), "Feature 1 has a point at 1.48221e+06, 6.21334e+06: this is no"),
        (collection(feature("x"), crs={"type": "name", "properties": {"name": "EPSG:28356"}}),
         "in the coordinates 'EPSG:28356'. Export the borders in WGS 84"),
        (nested(100_000), "The JSON cannot be read: it is nested too deeply."),
        (deep_geometries(5), "There is no territory in it."),
        (topology({"type": "Polygon", "arcs": [[9]]}, arcs=ARCS), "feature 1 has coordinates that are no list"),
        (topology({"type": "Polygon", "arcs": 5}, arcs=ARCS), "feature 1 has coordinates that are no list"),
        (topology({"type": "Polygon", "arcs": [["x"]]}, arcs=ARCS), "feature 1 has coordinates that are no list"),
        (topology({"type": "Polygon", "arcs": [[0]]}, arcs="none"), "feature 1 has coordinates that are no list"),
        (topology({"type": "Polygon", "arcs": [[0]]}, arcs=[[["a", "b"]]]), "arcs cannot be read: one has a position"),
        (topology({"type": "Polygon", "arcs": [[0]]}, arcs=ARCS, transform=[1]), "has a transform that cannot be read"),
        ({"type": "Topology", "objects": [1, 2]}, "There is no territory in it."),
        ({"type": "Feature", "geometry": None}, "feature 1 has no geometry"),
    ],
)  # fmt: skip
def test_what_is_no_territory_is_refused_with_a_sentence(document, sentence):
    with pytest.raises(UnreadableFileError) as refused:
        read(document)
    assert sentence in str(refused.value)


def test_what_is_wrong_in_some_features_is_counted_and_the_others_are_read():
    lines = feature("x", SQUARE, "LineString")
    document = collection(feature("North"), {"geometry": None}, lines, lines, feature("x", [[[0, 0]]]))
    (one,) = read(document).layers
    assert ([one.properties["branch"] for one in one.features], one.left_out) == (["North"], 4)
    assert one.said == (
        "2 lines in it are no areas and are left out.",
        "Left out: feature 2 has no geometry, feature 5 has a ring of 1 different points; an area has at least three.",
    )


LAYERS = {"type": "Topology", "objects": {name: {"type": "Polygon", "arcs": [[0, 1]]} for name in "abc"}, "arcs": ARCS}


@pytest.mark.parametrize(
    ("bound", "most", "document", "sentence"),
    [
        ("MOST_BYTES", 100, collection(feature("x")), "bytes of borders; the limit is 100. Simplify the borders"),
        ("MOST_FEATURES", 2, collection(*map(feature, "abc")), "It has more than 2 features."),
        ("MOST_LAYERS", 2, LAYERS, "It has more than 2 layers. Keep the layer of your territories."),
        ("MOST_POINTS", 9, collection(*map(feature, "abc")), "It has more than 9 points. Simplify the borders"),
        ("MOST_POINTS", 9, topology({"type": "Polygon", "arcs": [[0, 1] * 9]}, arcs=ARCS[:2]), "more than 9 points"),
        (
            "MOST_POINTS",
            9,
            topology({"type": "Polygon", "arcs": [[0]]}, arcs=[*ARCS, *ARCS]),
            "more than 9 points. Simplify",
        ),
    ],
)
def test_more_than_the_bounds_is_refused(monkeypatch, bound, most, document, sentence):
    monkeypatch.setattr(layer, bound, most)
    with pytest.raises(UnreadableFileError, match=sentence):
        read(document)


def test_an_arc_that_is_named_many_times_is_refused_before_it_is_copied(monkeypatch):
    monkeypatch.setattr(layer, "MOST_POINTS", 2_000)
    arc = [[step % 100, step // 100] for step in range(1_990)]
    bomb = topology({"type": "MultiPolygon", "arcs": [[[0]]] * 4_000}, arcs=[arc])
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError, match="more than 2,000 points"):
            layers_of("areas.json", bomb, 1)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_points_of_rings_that_are_refused_count(monkeypatch):
    monkeypatch.setattr(layer, "MOST_POINTS", 2_000)
    with pytest.raises(UnreadableFileError, match="more than 2,000 points"):
        read(collection(*[feature("x", [[[0, 0]] * 900])] * 3))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-400, 400) | st.floats() | st.text(max_size=4) | st.just("__proto__"),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
NUMBERS = st.floats(-190, 190) | st.just(math.nan) | JUNK
RINGS = st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6), max_size=3) | JUNK
GEOMETRIES = st.fixed_dictionaries(
    {"type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection"]) | JUNK},
    optional={"coordinates": RINGS | st.lists(RINGS, max_size=2), "geometries": JUNK, "arcs": JUNK},
)
DOCUMENTS = st.fixed_dictionaries(
    {"type": st.just("FeatureCollection"),
     "features": st.lists(st.fixed_dictionaries({"properties": JUNK, "geometry": GEOMETRIES | JUNK}) | JUNK, max_size=3)
     | JUNK},
    optional={"crs": JUNK},
) | st.fixed_dictionaries(
    {"type": st.just("Topology"), "objects": st.dictionaries(st.text(max_size=3), GEOMETRIES | JUNK, max_size=2) | JUNK,
     "arcs": RINGS},
    optional={"transform": JUNK},
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS)
def test_any_document_is_read_or_refused(document):
    assert is_borders(document)
    try:
        layers = layers_of("areas.json", document, 1)
    except DataError:
        return
    for one in (feature for found in layers for feature in found.features):
        assert all(0 < len(text) <= layer.LONGEST for text in one.properties.values())
        points = [point for polygon in one.polygons for ring in polygon for point in ring]
        assert points
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points)


def wavy(x, points, size=10.0):
    """An area between two wavy lines, so that neighbours share a side."""
    side = [(x + 0.3 * math.sin(step * 20 / points), step * size / points) for step in range(points + 1)]
    other = [(a + size, b) for a, b in side]
    return ((*side, *other[::-1], side[0]),)


def bytes_of(areas):
    return len(json.dumps(areas, separators=(",", ":")))


def test_points_are_rounded_until_they_fit_and_neighbours_keep_a_side_in_common():
    areas = {str(number): [wavy(number * 10.0, 2_000)] for number in range(5)}
    few, how = drawable(areas, 20_000)
    assert bytes_of(few) <= 20_000 < bytes_of(areas)
    assert how == Rounding(0.1)
    sides = [{*pairwise(few[str(number)][0][0])} for number in range(5)]
    backwards = [{(b, a) for a, b in side} for side in sides]
    assert all(len(left & right) > 20 for left, right in pairwise([sides[0], backwards[1]]))


def test_all_rings_are_rounded_in_one_pass(monkeypatch):
    passes, points = [], rings._points
    monkeypatch.setattr(rings, "_points", lambda *args: passes.append(args) or points(*args))
    triangles = {str(x): [(((x, 0.0), (x + 1.0, 0.0), (x, 1.0 + y), (x, 0.0)),) for y in range(5)] for x in range(100)}
    shapes, _ = drawable(triangles)
    assert {name: {part[0] for part in parts} for name, parts in shapes.items()} == {
        name: {part[0] for part in parts} for name, parts in triangles.items()
    }
    assert len(passes) < 20


def test_all_points_stay_where_they_fit():
    shapes, how = drawable({"a": [wavy(0.0, 50)]})
    assert (len(shapes["a"][0][0]), how) == (len(wavy(0.0, 50)[0]), Rounding(1e-5))


def test_an_area_too_small_to_be_drawn_exactly_keeps_its_corners():
    tiny = [tuple(tuple(map(tuple, ring)) for ring in box(1.00001, 2.00001, 0.00001))]
    shapes, how = drawable({"tiny": tiny, "wide": [wavy(0.0, 3_000)]}, 2_000)
    assert how.step >= 0.02
    assert abs(area(shapes["tiny"][0][0])) > 0


def test_islands_smaller_than_a_step_vanish_and_holes_too():
    hole = tuple(map(tuple, box(4, 4, 0.001)[0]))
    island = tuple(tuple(map(tuple, ring)) for ring in box(40, 4, 0.001))
    shapes, _ = drawable({"a": [(*wavy(0.0, 3_000), hole), island]}, 2_000)
    assert [len(polygon) for polygon in shapes["a"]] == [1]


@pytest.mark.parametrize(
    ("polygon", "point"),
    [
        ((tuple(map(tuple, SQUARE)),), (5, 5)),
        ((((0, 0), (9, 0), (9, 9), (6, 9), (6, 3), (3, 3), (3, 9), (0, 9), (0, 0)),), (7.5, 4.5)),
        ((tuple(map(tuple, SQUARE)), ((1, 1), (9, 1), (9, 9), (1, 9), (1, 1))), (9.5, 5)),
    ],
    ids=["square", "horseshoe", "hole"],
)
def test_a_label_stands_inside(polygon, point):
    assert label_point(polygon) == point


def test_the_bound_of_a_page_leaves_room_for_the_rest():
    assert rings.MOST_DRAWN < 300_000


def jagged(x, y, points):
    """An area whose points are all far from the one before."""
    ring = [(x + (0.1 + step % 2) * math.cos(step), y + (0.1 + step % 2) * math.sin(step)) for step in range(points)]
    return ((*ring, ring[0]),)


@pytest.mark.parametrize(("areas", "points"), [(60, 500), (1, 3)])
def test_whatever_the_shapes_they_take_few_bytes_and_none_is_lost(areas, points):
    shapes = {str(number): [jagged(number, part, points) for part in range(40)] for number in range(areas)}
    few, _ = drawable(shapes, 20_000)
    assert few.keys() == shapes.keys()
    assert all(few.values())
    assert bytes_of(few) < 22_000
