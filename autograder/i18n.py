"""Translation: templates that are looked up in a catalogue, and docstrings in two languages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["LANGUAGES", "N_", "Bilingual", "DocText", "TranslatedTerm", "by_language", "in_language", "render"]

LANGUAGES = ("en", "es")
"""The languages of this package; English is the fallback."""

_CATALOGUES = Path(__file__).parent / "locale"
_MARK = re.compile(rf"({'|'.join(LANGUAGES[1:])}):\s*")


class DocText(NamedTuple):
    """One language of a docstring: its first paragraph, and the paragraphs after that."""

    title: str
    body: str


class TranslatedTerm(str):
    """A parameter of a template that is itself looked up in the catalogue, such as "a list"."""

    __slots__ = ()


class Bilingual(str):
    """An English sentence of an assignment's author that carries its own translations."""

    translations: Mapping[str, str]

    def __new__(cls, english: str, **translations: str) -> Bilingual:
        """Keep `english` as the text; `translations` maps a language code to the same sentence."""
        self = super().__new__(cls, english)
        self.translations = translations
        return self


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for this marker
    """Mark a template for the catalogue where it is defined away from the place that raises it."""
    return message


def render(template: str, params: Mapping[str, object], lang: str) -> str:
    """Fill a template in a language; English is used where the catalogue has no entry.

    `TranslatedTerm` parameters are looked up as well, `Bilingual` ones have their own translation.
    """
    if not params:
        return _translated(template, lang)
    return _translated(template, lang).format(**{name: _param(value, lang) for name, value in params.items()})


def by_language(doc: str) -> dict[str, DocText]:
    """Split a docstring into its languages.

    English comes first; a paragraph that starts with `es:` begins the Spanish. The first paragraph of a language is its
    title, the rest its body (paragraphs joined by a blank line, lines of a paragraph by a space).
    """
    paragraphs: dict[str, list[str]] = {}
    current = LANGUAGES[0]
    for block in re.split(r"\n\s*\n", inspect.cleandoc(doc)):
        paragraph = " ".join(block.split())
        if mark := _MARK.match(paragraph):
            current, paragraph = mark[1], paragraph[mark.end() :]
        if paragraph:
            paragraphs.setdefault(current, []).append(paragraph)
    return {lang: DocText(texts[0], "\n\n".join(texts[1:])) for lang, texts in paragraphs.items()}


def in_language(texts: Mapping[str, DocText], lang: str) -> DocText:
    """Choose a language of a split docstring: the one asked for, else English, else an empty text."""
    return texts.get(lang) or texts.get(LANGUAGES[0]) or DocText("", "")


def _param(value: object, lang: str) -> object:
    if isinstance(value, TranslatedTerm):
        return _translated(value, lang)
    if isinstance(value, Bilingual):
        return value.translations.get(lang, str(value))
    return value


def _translated(message: str, lang: str) -> str:
    return str(message) if lang == LANGUAGES[0] else _catalogue(lang).get(message, str(message))


@cache
def _catalogue(lang: str) -> Mapping[str, str]:
    path = _CATALOGUES / lang / "LC_MESSAGES" / "autograder.po"
    if lang not in LANGUAGES or not path.is_file():
        return {}
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=lang, abort_invalid=True)
    entries = (entry for entry in catalogue if entry.id and entry.string and not entry.fuzzy)
    return {str(entry.id): str(entry.string) for entry in entries}
