"""The country of a file: its regions, postcodes, currencies and headers, and what is left undecided."""

import pytest

from core.countries.decide import Evidence, leading_countries, only
from core.countries.votes import PlaceShare, called, place_share, postcode_votes, state_votes


def evidence(states=(), postcodes=(), headers=(), currencies=(), nations=(), phones=()):
    votes = state_votes(states), postcode_votes(postcodes), state_votes(nations)
    return Evidence(*votes, headers, currencies, called(phones))


@pytest.mark.parametrize(
    ("states", "postcodes", "country"),
    [
        (["Dubai", "Abu Dhabi", "Sharjah"], [], "AE"),
        (["Buenos Aires", "Córdoba", "Mendoza"], ["1425", "5000"], "AR"),
        (["Wien", "Tirol", "Steiermark"], ["1010", "6020"], "AT"),
        (["NSW", "Victoria", "n.s.w.", ""], [], "AU"),
        (["Antwerpen", "Liège", "Namur"], ["2000", "4000"], "BE"),
        (["SP", "RJ", "MG"], ["01001-000", "20010-000"], "BR"),
        (["QC", "AB", "Nova Scotia"], ["H2Y 1C6", "t2p1j9"], "CA"),
        (["ZH", "Genève", "BE", "VD"], ["8001", "1200"], "CH"),
        (["Antioquia", "Cundinamarca"], [], "CO"),
        (["Sachsen", "Bayern"], ["01067", "80331"], "DE"),
        (["Hovedstaden", "Sjælland"], [], "DK"),
        (["Madrid", "Cataluña", "Andalucía"], ["28001", "08001"], "ES"),
        (["Uusimaa", "Pirkanmaa"], [], "FI"),
        (["Île-de-France", "Bretagne"], ["75001", "35000"], "FR"),
        (["England", "Scotland", "Wales", "N. Ireland"], [], "GB"),
        (["London", "South East", "North West"], ["SW1A 1AA", "M1 1AE"], "GB"),
        (["Attica", "Crete"], [], "GR"),
        (["Dublin", "Co. Cork", "Galway"], [], "IE"),
        (["KA", "TN", "MH"], ["560001", "600001"], "IN"),
        (["Lombardia", "Lazio"], ["20121", "00118"], "IT"),
        (["Tokyo", "Osaka"], ["100-0001", "530-0001"], "JP"),
        (["Jalisco", "Nuevo León", "CDMX"], [], "MX"),
        (["Selangor", "Johor"], [], "MY"),
        (["Noord-Holland", "Utrecht"], ["1011 AB", "3511 CD"], "NL"),
        (["Auckland", "Waikato"], [], "NZ"),
        (["Mazowieckie", "Małopolskie"], [], "PL"),
        (["Lisboa", "Porto", "Faro"], [], "PT"),
        (["Stockholm", "Skåne"], [], "SE"),
        (["İstanbul", "Ankara"], [], "TR"),
        (["CA", "TX", "WA", "New York"], ["90012", "77002"], "US"),
        (["Hà Nội", "Hồ Chí Minh"], [], "VN"),
        (["Gauteng", "WC", "KZN"], [], "ZA"),
        (["Spain", "France", "Germany"], [], "world"),
        (["UK", "Ireland", "United Kingdom"], [], "world"),
        (["Germany", "Deutschland"], [], "DE"),
    ],
)
def test_the_regions_tell_the_country(states, postcodes, country):
    assert only(leading_countries(evidence(states, postcodes))) == country


@pytest.mark.parametrize(
    ("postcodes", "headers", "country"),
    [
        (["40010-000", "01001-000"], ["cep"], "BR"),
        (["SW1A 1AA", "M1 1AE"], [], "GB"),
        (["SW1A", "M1", "EH1"], [], "GB"),
        (["H2Y 1C6", "T2P"], [], "CA"),
        (["1011 AB"], [], "NL"),
        (["90012", "10001", "501"], ["zip"], "US"),
        (["941xx", "100xx"], ["zip"], "US"),
        (["01067", "80331"], ["plz"], "DE"),
        (["560001", "400001"], ["pin"], "IN"),
        (["90012", "10001"], [], ""),
        (["2000", "3000"], ["postcode"], ""),
        (["12", "7"], ["zip"], ""),
        ([], ["zip", "plz"], ""),
    ],
)
def test_postcodes_alone_tell_a_country_with_a_shape_or_a_header_of_its_own(postcodes, headers, country):
    assert only(leading_countries(evidence((), postcodes, headers))) == country


@pytest.mark.parametrize(
    ("postcodes", "country"),
    [
        (["98101", "98052"], "US"),
        (["6000", "6160"], "AU"),
        ([], ""),
        (["98101", "6000"], ""),
    ],
)
def test_the_postcodes_say_which_wa_it_is(postcodes, country):
    assert only(leading_countries(evidence(["WA"], postcodes))) == country


@pytest.mark.parametrize(
    ("states", "headers", "country"),
    [
        (["WA", "Texas"], (), "US"),  # half of them is not enough for Australia
        (["GA"], (), ""),
        (["GA", "FL", "AL"], (), "US"),
        (["DE", "PA", "NY"], (), "US"),
        (["DE", "FR", "IT"], ["country"], "world"),
        (["DE", "FR", "IT"], ["state"], ""),
        (["Georgia", "Texas"], (), "US"),
        (["CA", "TX", "NY", "ON", "BC", "QC"], (), ""),
        (["NSW", "VIC", "QLD", "Victorai", "NS Walse"], (), "AU"),
        (["NSW", "Bavaria"], (), ""),
        (["NSW", "no such", "nowhere"], (), ""),
        (["Narnia", "Gondor"], (), ""),
        (["A", "B", "C"], (), ""),
        ([], (), ""),
    ],
)
def test_no_ambiguous_code_decides(states, headers, country):
    assert only(leading_countries(evidence(states, headers=headers))) == country


def test_a_currency_is_a_hint_where_several_countries_fit():
    assert leading_countries(evidence((), ["90012", "10001"], ["zip"], ["$"])) == ("US",)
    tied = leading_countries(evidence((), ["80331", "10115"]))
    assert {"DE", "FR", "US"} <= {*tied}
    assert set(leading_countries(evidence((), ["80331", "10115"], (), ["EUR"]))) == {"DE", "FR", "IT"}


@pytest.mark.parametrize(
    ("currencies", "country"),
    [
        (["INR"], "IN"),
        (["GBP"], "GB"),
        (["£"], ""),  # of Egypt and Lebanon, too
        (["¥"], ""),
        (["R$"], "BR"),
        (["CAD"], "CA"),
        (["$"], ""),
        (["USD"], ""),
        (["EUR"], ""),
        ([""], ""),
    ],
)
def test_where_nothing_else_tells_it_a_currency_of_one_country_does(currencies, country):
    assert only(leading_countries(evidence(currencies=currencies))) == country
    assert only(leading_countries(evidence(["Bayern", "Sachsen"], currencies=currencies))) == "DE"


@pytest.mark.parametrize(
    ("postcodes", "hints", "country"),
    [
        (["1000-001", "4000-123"], {}, "PT"),
        (["1000-001", "4000-123"], {"currencies": ["EUR"]}, "PT"),
        (["100-0001", "530-0001"], {}, "JP"),
        (["1000001", "5300001"], {}, ""),  # Chile's and Portugal's have seven digits, too
        (["1000001", "5300001"], {"currencies": ["JPY"]}, "JP"),
        (["7500000", "8320000"], {"currencies": ["CLP"]}, "CL"),
        (["7500000", "8320000"], {"phones": ["+56 2 2345 6789"]}, "CL"),
        (["1000001", "4000123"], {"phones": ["+351 912 345 678"]}, "PT"),
        (["1050", "8000", "2100"], {"currencies": ["DKK"]}, "DK"),
        (["1000", "6000", "8000"], {"currencies": ["₱"], "headers": ["zip"]}, "PH"),
        (["54000", "75500", "44000"], {"currencies": ["PKR"]}, ""),
        (["90012", "10001", "77002"], {"currencies": ["GBP"], "headers": ["zip"]}, ""),
        (["00-001", "30-002"], {}, "PL"),
        (["D-10115", "D-80331"], {"currencies": ["EUR"], "headers": ["plz"]}, "DE"),
    ],
)
def test_a_currency_a_phone_or_a_hyphen_of_another_country_outweighs_postcodes(postcodes, hints, country):
    assert only(leading_countries(evidence((), postcodes, **hints))) == country


@pytest.mark.parametrize(
    ("states", "hints", "country"),
    [
        (["Punjab"], {}, "IN"),
        (["Punjab"], {"currencies": ["PKR"]}, ""),
        (["Punjab"], {"phones": ["+92 42 1234567"]}, ""),
        (["Punjab"], {"currencies": ["₹"]}, "IN"),
        (["Punjab", "Kerala"], {"currencies": ["PKR"]}, "IN"),
        (["Beirut", "Tripoli"], {"currencies": ["GBP"]}, ""),
        (["Beijing", "Shanghai"], {"currencies": ["JPY"]}, ""),
    ],
)
def test_a_currency_or_a_phone_does_not_outweigh_regions_of_another_country(states, hints, country):
    assert only(leading_countries(evidence(states, **hints))) == country


def test_a_column_of_one_country_decides_and_one_of_several_does_not():
    assert only(leading_countries(evidence(["WA"], nations=["Australia", "AU"]))) == "AU"
    assert only(leading_countries(evidence(["WA"], nations=["Australia", "USA"]))) == ""


def test_votes_of_two_parts_add_up():
    values = ["NSW", "Bavaria", "x", "Texas"]
    parts = [state_votes(values[:2]), state_votes(values[2:])]
    keys = {*parts[0], *parts[1]}
    assert state_votes(values) == {key: sum(part.get(key, 0) for part in parts) for key in keys}
    assert postcode_votes(["2000", " 800", "k1a-0b1", "2000.0", ""]) == {"9999 200": 2, "999 800": 1, "A9A9A9 K1A": 1}


@pytest.mark.parametrize(
    ("words", "named", "found"),
    [
        (["texas", "ohio", "x"], False, PlaceShare("US", 2 / 3)),
        (["ca", "tx", "wa", "il", "ny"], False, PlaceShare("US", 1.0)),
        (["yes", "no"], False, PlaceShare()),
        (["a", "b", "c", "d", "e"], False, PlaceShare()),
        (["f", "m"], False, PlaceShare()),
        (["sp", "rj"], False, PlaceShare()),
        (["sp", "rj"], True, PlaceShare("BR", 1.0)),
        ([], False, PlaceShare()),
    ],
)
def test_few_codes_are_places_only_where_the_header_says_so(words, named, found):
    assert place_share(words, named=named) == found


def test_a_share_counts_cells():
    assert place_share(["nsw", "texas", "ohio"], [8, 1, 1]) == PlaceShare("AU", 0.8)
