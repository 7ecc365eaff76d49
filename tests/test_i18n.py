"""Words: two languages in a docstring, templates and their Spanish."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import autograder
from autograder.i18n import Bilingual, DocText, TranslatedTerm, by_language, in_language, render

PACKAGE = Path(autograder.__file__).parent
SPANISH = PACKAGE / "locale" / "es" / "LC_MESSAGES" / "autograder.po"
WORDED = {
    "CriterionFailed",
    "FunctionMissing",
    "LimitExceeded",
    "Message",
    "NotAttempted",
    "N_",
    "StudentRaised",
    "SubmissionError",
    "TranslatedTerm",
}


def templates() -> Iterator[tuple[str, str]]:
    """Yield every template that a student may read, and where it stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Name):
                continue
            first = node.args[0]
            if node.func.id in WORDED and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, f"{path.relative_to(PACKAGE)}:{node.lineno}"


def placeholders(text: str) -> set[str]:
    """Return the names of a template's parameters with their format."""
    return {f"{name}:{spec}" for _, name, spec, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def spanish() -> dict[str, str]:
    """Return the Spanish catalogue as it stands in the file."""
    with SPANISH.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale="es") if entry.id}


def test_every_template_has_a_spanish_entry_with_the_same_placeholders(spanish):
    wrong = []
    for template, where in templates():
        if template.startswith("{") and template.endswith("}") and template.count("{") == 1:
            continue  # nothing but a parameter
        if not spanish.get(template):
            wrong.append(f"{where}: add to {SPANISH.name}: msgid {template!r}")
        elif placeholders(template) != placeholders(spanish[template]):
            wrong.append(f"{where}: other placeholders in Spanish: {template!r}")
    assert not wrong, "\n".join(wrong)


def test_the_catalogue_holds_nothing_that_is_no_longer_said(spanish):
    said = {template for template, _ in templates()}
    assert not set(spanish) - said


def test_a_template_is_filled_in_english_without_a_catalogue():
    assert render("cell {cell}", {"cell": 3}, "en") == "cell 3"


def test_a_template_is_filled_in_spanish_and_so_are_words_among_its_parameters():
    said = render("the result is {seen}; a NumPy array is wanted", {"seen": TranslatedTerm("a list")}, "es")
    assert said == "el resultado es una lista; se espera un arreglo de NumPy"


def test_a_plain_parameter_is_never_translated():
    assert "a list" in render("the result is {seen}; a NumPy array is wanted", {"seen": "a list"}, "es")


def test_an_unknown_template_or_language_falls_back_to_english():
    assert render("never heard {x}", {"x": 1}, "es") == "never heard 1"
    assert render("not attempted", {}, "../../etc") == "not attempted"


def test_braces_in_a_parameter_stay_what_they_are():
    assert render("{text}", {"text": "{0.__class__} {cell}"}, "en") == "{0.__class__} {cell}"


def test_an_authors_sentence_carries_its_own_spanish():
    text = Bilingual("Too small.", es="Demasiado pequeño.")
    assert [render("{text}", {"text": text}, lang) for lang in ("en", "es")] == ["Too small.", "Demasiado pequeño."]


def test_a_docstring_is_split_into_languages_titles_and_bodies():
    doc = """Title in
    two lines.

    Body one.

    Body two.

    es: Título.

    Cuerpo.
    """
    assert by_language(doc) == {
        "en": DocText("Title in two lines.", "Body one.\n\nBody two."),
        "es": DocText("Título.", "Cuerpo."),
    }


def test_a_docstring_without_spanish_is_english_in_every_language():
    texts = by_language("Only English.")
    assert in_language(texts, "es") == DocText("Only English.", "")
    assert in_language(by_language(""), "es") == DocText("", "")


def test_a_colon_in_prose_begins_no_language():
    assert by_language("Note: es: is not at the start.").keys() == {"en"}
