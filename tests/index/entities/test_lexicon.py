"""The data files: in order, up to date, quick to load."""

from __future__ import annotations

import gzip
from collections import defaultdict
from pathlib import Path

import yaml

from warreader.index.article import Label
from warreader.index.entities import build_lexicon
from warreader.index.entities.lexicon import lexicon, place_forms
from warreader.index.entities.names import slug, sound_key, strip_honorific, unit_key

DATA = build_lexicon.DATA


def test_the_compiled_lists_are_up_to_date() -> None:
    assert (DATA / "lexicon.json").read_text("utf-8") == build_lexicon.render(build_lexicon.compile_lists())


def test_no_name_stands_for_two_things() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for identity, _, after_the, forms in build_lexicon.compile_lists()["entities"]:
        for form in forms:
            owners[f"the {form}" if after_the else form].add(identity)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_ids_are_unique_and_well_formed() -> None:
    seen: dict[str, str] = {}
    for identity, label, after_the, forms in build_lexicon.compile_lists()["entities"]:
        prefix, _, name = identity.partition(":")
        assert name == slug(name), identity
        assert Label(label)
        assert prefix
        assert forms
        assert all(isinstance(form, str) and form == form.strip() for form in forms), identity
        if not after_the:
            assert seen.setdefault(identity, label) == label
    rows = [row[0] for row in build_lexicon.compile_lists()["entities"] if not row[2]]
    assert len(rows) == len(set(rows))


def test_no_id_is_written_twice_in_a_file() -> None:
    for path in sorted(DATA.glob("*.yaml")):
        keys = [
            line.strip().split(":")[0]
            for line in path.read_text("utf-8").splitlines()
            if line.startswith("    ")
        ]
        keys = [key for key in keys if key and not key.startswith("#")]
        if path.name != "words.yaml":
            repeated = {key for key in keys if keys.count(key) > 1}
            allowed = set() if path.name != "bodies.yaml" else _after_the(path)
            assert repeated <= allowed, path.name


def _after_the(path: Path) -> set[str]:
    return {name for s in yaml.safe_load(path.read_text("utf-8")) if s.get("article") for name in s["names"]}


def test_places_name_their_source_and_are_small() -> None:
    packed = (DATA / "places.tsv.gz").read_bytes()
    assert len(packed) <= 400_000
    table = gzip.decompress(packed).decode("utf-8").splitlines()
    assert "GeoNames" in table[0]
    assert "CC BY 4.0" in table[0]
    assert len({row.split("\t")[0] for row in table[1:]}) == len(table) - 1


def test_a_name_of_several_places_is_none_of_them() -> None:
    several = [name for name, entry in lexicon().names.items() if not entry.id]
    assert 10 < len(several) < 5000
    assert all(lexicon().names[name].doubtful for name in several)
    assert "" not in place_forms()


def test_known_words_are_built_and_apart() -> None:
    words = lexicon().words
    assert "Serhii" in words["given_names"] and "Zelenskyy" not in words["given_names"]
    assert {"autonomy", "village"} <= words["plain"]
    assert not words["plain"] & {name.lower() for name in words["family"]}


def test_spellings_lead_to_one_place() -> None:
    names = lexicon().names
    for one, other in (
        ("Kyiv", "Kiev"),
        ("Bakhmut", "Artemivsk"),
        ("Kupiansk", "Kupyansk"),
        ("Odesa", "Odessa"),
    ):
        assert names[one].id == names[other].id
    assert "Kiev" in place_forms()["place:kyiv"]


def test_forms_of_names() -> None:
    assert len({sound_key(name) for name in ("Zelensky", "Zelenskyy", "Zelenskiy", "Zelenskyi")}) == 1
    assert sound_key("Mohammed al-Burhan") == sound_key("Mohamed el-Burhan") == sound_key("Muhammad Burhan")
    assert sound_key("Al") != sound_key("El")
    assert sound_key("Syrsky") != sound_key("Sikorsky")
    assert strip_honorific("Mr Putin") == "Putin"
    assert strip_honorific("General") == "General"
    assert unit_key("126th isolated coastal defense brigade") == unit_key(
        "126th separate coastal defence brigade"
    )
    assert unit_key("126th brigade") != unit_key("126th regiment")
