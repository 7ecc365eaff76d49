"""From a percent notebook to typed cells, and every way in which a source can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import ReleaseError
from autograder.release import source
from autograder.release.cells import CellKind, solution_text, starter_text

PATH = Path("solutions/double-it/double_it.py")

GOOD = '''\
# %% [markdown] lang="en"
# # Twice
#
# Let $y = 2x$.

# %% [markdown] lang="es"
# # El doble

# %%
import numpy as np

# %% question="double"
def double(x):
    """Give twice the number."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% check="double"
assert double(2) == 4

# %% [markdown] manual="why" lang="en"
# Why?

# %% [markdown] manual="why" lang="es"
# ¿Por qué?

# %% [markdown] answer="why"
'''


def parse(text: str, *replacements: tuple[str, str]) -> source.Source:
    for old, new in replacements:
        assert old in text, f"the example no longer contains {old!r}"
        text = text.replace(old, new)
    return source.parse_source(text, PATH)


def test_every_cell_gets_its_kind_name_language_and_line() -> None:
    cells = parse(GOOD).cells
    assert [(cell.kind, cell.name, cell.lang, cell.line) for cell in cells] == [
        (CellKind.PROSE, "", "en", 1),
        (CellKind.PROSE, "", "es", 6),
        (CellKind.CODE, "", "", 9),
        (CellKind.QUESTION, "double", "", 12),
        (CellKind.CHECK, "double", "", 20),
        (CellKind.MANUAL, "why", "en", 23),
        (CellKind.MANUAL, "why", "es", 26),
        (CellKind.ANSWER, "why", "", 29),
    ]


def test_prose_loses_its_comment_signs_and_keeps_its_formulas() -> None:
    assert parse(GOOD).cells[0].text == "# Twice\n\nLet $y = 2x$."


def test_a_language_sees_its_own_prose_and_all_code() -> None:
    spanish = parse(GOOD).in_language("es")
    assert spanish[0].text == "# El doble"
    assert [cell.kind for cell in spanish] == ["prose", "code", "question", "check", "manual", "answer"]


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(ReleaseError, match=r"no prose in language 'fr'\. Choose one of: en, es\."):
        parse(GOOD).in_language("fr")


def test_the_assignment_is_called_like_its_folder() -> None:
    assert parse(GOOD).assignment == "double-it"
    assert parse(GOOD).questions() == ("double",)


def test_dashes_become_underscores_in_file_names(tmp_path: Path) -> None:
    folder = tmp_path / "double-it"
    folder.mkdir()
    with pytest.raises(ReleaseError, match=r"double-it: no double_it\.py in this folder\. Write the assignment there"):
        source.source_path(folder)
    (folder / "double_it.py").write_text(GOOD, encoding="utf-8")
    assert source.read_source(source.source_path(folder)).assignment == "double-it"


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.py"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReleaseError, match=r"twice\.py: cannot be read .* Check that it is a UTF-8 text file"):
        source.read_source(path)


FAULTS = {
    "begin without end": (
        [("    ### END SOLUTION\n", "")],
        r":15: '### BEGIN SOLUTION' without an end\. Write '### END SOLUTION' below the solution\.",
    ),
    "end without begin": (
        [("    ### BEGIN SOLUTION\n", "")],
        r":16: '### END SOLUTION' without a beginning\. Write '### BEGIN SOLUTION' above the solution\.",
    ),
    "begin twice": (
        [("    return 2 * x\n", "    ### BEGIN SOLUTION\n    return 2 * x\n")],
        r":16: '### BEGIN SOLUTION' inside the solution begun in line 15\. Write '### END SOLUTION' before it\.",
    ),
    "starter without markers": (
        [("    ### BEGIN SOLUTION\n", ""), ("    ### END SOLUTION\n", "")],
        r":12: starter cell 'double' has no solution markers: students would get the answer\. Write",
    ),
    "marker outside a starter": (
        [("import numpy as np\n", "### BEGIN SOLUTION\nimport numpy as np\n### END SOLUTION\n")],
        r""":10: '### BEGIN SOLUTION' outside a starter cell\. Give the cell a question="\.\.\." in its header\.""",
    ),
    "question without check": (
        [('# %% check="double"\n', "# %%\n")],
        r""":12: question 'double' has no visible check\. Add a `# %% check="double"` cell after it\.""",
    ),
    "check without question": (
        [('check="double"', 'check="treble"')],
        r":12: question 'double' has no visible check",
    ),
    "written question without answer": (
        [('# %% [markdown] answer="why"\n', "")],
        r":23: manual 'why' has no answer cell\. Add a `# %% \[markdown\] answer=\"why\"` cell after it\.",
    ),
    "answer to nothing": (
        [('# %% [markdown] answer="why"\n', '# %% [markdown] answer="why"\n\n# %% [markdown] answer="how"\n')],
        r":31: answer 'how' has no written question",
    ),
    "question twice": (
        [("# %% check", '# %% question="double"\n### BEGIN SOLUTION\n### END SOLUTION\n\n# %% check')],
        r":20: a second question cell 'double', after the one in line 12\. Rename one of them\.",
    ),
    "code in one language": (
        [("# %%\nimport", '# %% lang="en"\nimport')],
        r":9: code differs between the languages en and es\. Take lang out of the code cell's header",
    ),
    "prose in one language": (
        [('# %% [markdown] lang="es"\n# # El doble\n\n', "")],
        r""":1: prose in en has no counterpart in es\. Add a `# %% \[markdown\] lang="es"` cell beside it\.""",
    ),
    "written question in one language": (
        [('# %% [markdown] manual="why" lang="en"\n# Why?\n\n', "")],
        r":23: prose in es has no counterpart in en",
    ),
    "empty prose": ([("# # El doble\n", "")], r":6: an empty cell of prose\. Write it or take it out\."),
    "strange language": (
        [('lang="es"\n# # El doble', 'lang="fr"\n# # Le double')],
        r":6: language 'fr' is not one of the course's \(en, es\)\. Correct the cell's lang, or add the language to",
    ),
    "misspelt key": ([('question="double"', 'quesiton="double"')], r":12: unknown key .*\. Did you mean 'question'\?"),
    "unknown key": (
        [('question="double"', 'points="3"')],
        r":12: unknown key 'points' .*\. Known keys: lang, question,",
    ),
    "two keys": (
        [('# %% question="double"', '# %% question="double" check="double"')],
        r":12: the cell is both question and check\. Split it into two cells\.",
    ),
    "question as prose": (
        [('# %% question="double"', '# %% [markdown] question="double"')],
        r":12: question cell 'double' is written as markdown\. Make it a code cell, without \[markdown\]\.",
    ),
    "answer as code": (
        [('[markdown] answer="why"', 'answer="why"')],
        r":29: answer cell 'why' is written as code\. Make it a \[markdown\] cell\.",
    ),
    "text before the first cell": (
        [('# %% [markdown] lang="en"\n# # Twice', 'x = 1\n# %% [markdown] lang="en"\n# # Twice')],
        r":2: text before the first cell.*Begin the file with a `# %%` line",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_source_is_refused_with_file_line_and_remedy(fault: str) -> None:
    replacements, message = FAULTS[fault]
    with pytest.raises(ReleaseError, match=rf"double_it\.py{message}"):
        parse(GOOD, *replacements)


def test_the_starter_says_which_function_to_write() -> None:
    cell = next(cell for cell in parse(GOOD).cells if cell.kind is CellKind.QUESTION)
    assert starter_text(cell.text, cell.name) == (
        'def double(x):\n    """Give twice the number."""\n    raise NotImplementedError("write double here")'
    )
    assert solution_text(cell.text) == 'def double(x):\n    """Give twice the number."""\n    return 2 * x'


def test_every_function_of_a_starter_cell_is_named() -> None:
    text = (
        "def one(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n\n\n"
        "def two(x):\n    if x:\n        ### BEGIN SOLUTION\n        x = 2\n        ### END SOLUTION\n    return x\n"
        "### BEGIN SOLUTION\nthree = 3\n### END SOLUTION"
    )
    assert starter_text(text, "numbers") == (
        'def one(x):\n    raise NotImplementedError("write one here")\n\n\n'
        'def two(x):\n    if x:\n        raise NotImplementedError("write two here")\n    return x\n'
        'raise NotImplementedError("write numbers here")'
    )
