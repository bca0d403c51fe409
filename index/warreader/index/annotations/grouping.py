"""Annotations by article or by tag, for what people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from warreader.index.annotations.model import Annotation, tag_key

Group = Literal["article", "tag"]


def grouped(annotations: Iterable[Annotation], group: Group) -> Iterator[tuple[str, list[Annotation]]]:
    """Groups with their annotations: articles, by id, in the order they first come; or tags in alphabetical order.

    By tag an annotation stands under each of its tags; those without come last, under an empty name.
    """
    found: dict[str, list[Annotation]] = {}
    names: dict[str, str] = {}
    for annotation in annotations:
        for name in (annotation.article,) if group == "article" else annotation.tags or ("",):
            key = name if group == "article" else tag_key(name)
            names.setdefault(key, name)
            found.setdefault(key, []).append(annotation)
    order = list(found) if group == "article" else sorted(found, key=lambda key: (not key, key.split("/")))
    for key in order:
        yield names[key], found[key]
