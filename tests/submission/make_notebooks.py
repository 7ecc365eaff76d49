"""Write the damaged notebooks of tests/scenarios/notebooks again: python tests/submission/make_notebooks.py

What each must come to stands in expected.json beside them, written by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "scenarios" / "notebooks"
ONE, TWO = "def one():\n    return 1", "def two():\n    return 2"


def code(source: Any, **metadata: Any) -> dict[str, Any]:
    """Make a code cell without an id."""
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": source}


def notebook(*cells: Any, **changes: Any) -> dict[str, Any]:
    """Make a notebook of format 4."""
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4} | changes


def text(document: Any) -> str:
    """Write JSON as Jupyter does."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def answer(name: str, source: Any) -> dict[str, Any]:
    """Make a markdown cell that answers a written question."""
    return {"cell_type": "markdown", "metadata": {"autograder": {"answer": name}}, "source": source}


def files() -> dict[str, bytes]:
    """Return every file of the folder except expected.json."""
    good = text(notebook(code(ONE)))
    ours = {"autograder": {"assignment": "softmax", "lang": "es"}}
    spanish = notebook(code(ONE), answer("explain", ["Porque ", "sí."]), metadata=ours)
    sheets = [{"cells": [{"cell_type": "heading", "level": 1, "source": "Title"}]}]
    sheets.append({"cells": [{"cell_type": "code", "language": "python", "input": [ONE + "\n", "#"], "outputs": []}]})
    twice = [code(ONE, autograder={"question": "one"}), code(TWO, nbgrader={"grade_id": "one", "solution": True})]
    image = {"cell_type": "markdown", "attachments": {"a.png": {"image/png": "iVBORw0KGgo="}}, "source": "![](a.png)"}
    wrong = {"autograder": [1], "kernelspec": "python", "language_info": None}
    odd_cells = [None, 3, "x = 1", [], {}, {"cell_type": 5, "source": "x"}, code(7), code(["a", 1]), code(ONE)]
    julia = {"kernelspec": {"name": "julia-1.10", "language": "julia\n\u202e"}, "language_info": {"name": "julia"}}
    traversal = {"autograder": {"assignment": "../../etc/passwd", "lang": "../es"}}
    raw = [{"cell_type": "raw", "source": "x"}, {"cell_type": "sql", "source": "drop"}, code(ONE)]
    json_nan = good.replace('"outputs": []', '"outputs": [NaN, -Infinity, {"a": Infinity, "b": "NaN \\" NaN"}]')
    ids = [{**code(ONE), "id": "same"}, {**code(TWO), "id": "same"}, {**code("x = 3"), "id": 7}]
    joined = [answer("explain", "First."), answer("explain", " "), answer("explain", "Second."), answer("a/b", "No.")]
    damaged_answer = [code(ONE), answer("explain", {"a": 1}), answer("other", "Fine.")]
    written = {
        "format_3.ipynb": text({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets}),
        "spanish.ipynb": text(spanish),
        "named.es.ipynb": good,
        "no_metadata.ipynb": text({"cells": [{"cell_type": "code", "source": ONE}]}),
        "metadata_of_wrong_types.ipynb": text(notebook(code(ONE), metadata=wrong)),
        "metadata_is_a_list.ipynb": text(notebook({**code(ONE), "metadata": [1, 2]}, metadata=[])),
        "odd_cells.ipynb": text(notebook(*odd_cells)),
        "marked_twice.ipynb": text(notebook(*twice)),
        "same_ids.ipynb": text(notebook(*ids, nbformat_minor=5)),
        "julia.ipynb": text(notebook(code(ONE), metadata=julia)),
        "attachments.ipynb": text(notebook(image, code(ONE))),
        "raw_and_unknown_cells.ipynb": text(notebook(*raw)),
        "all_cells_deleted.ipynb": text(notebook()),
        "newer_format.ipynb": text(notebook(code(ONE), nbformat=5)),
        "format_is_text.ipynb": text(notebook(code(ONE), nbformat="4")),
        "huge_integer.ipynb": text(notebook(code(ONE))).replace('"nbformat": 4', '"nbformat": ' + "9" * 5000),
        "path_in_metadata.ipynb": text(notebook(code(ONE), metadata=traversal)),
        "nan_in_outputs.ipynb": json_nan,
        "keys_twice.ipynb": good.replace('"nbformat": 4', '"cells": [{"cell_type": "code", "source": "last"}], "x": 4'),
        "answers.ipynb": text(notebook(*joined, code(ONE))),
        "damaged_answer.ipynb": text(notebook(*damaged_answer)),
        "truncated.ipynb": good[:150],
        "conflict.ipynb": good.replace(' "cells"', '<<<<<<< HEAD\n "cells"', 1),
        "not_json.ipynb": "def one():\n    return 1\n",
        "list.ipynb": "[1, 2, 3]\n",
        "json_without_cells.ipynb": '{"nbformat": 4, "cells": {"a": 1}}\n',
        "web_page.ipynb": "\n <!DOCTYPE html><html><title>Sign in</title></html>\n",
        "deep.ipynb": '{"metadata": ' + "[" * 3000 + "]" * 3000 + ', "cells": []}\n',
        "nul_in_code.ipynb": text(notebook(code(ONE), code("x = 1"))).replace("x = 1", "x = 1\\u0000"),
        "lone_surrogate.ipynb": text(notebook(code(ONE), code("x = 1"))).replace("x = 1", "x = '\\ud800'"),
        "lone_surrogate_in_output.ipynb": good.replace(
            '"outputs": []', '"outputs": ["\\udc00", "\\ud83d", "\\\\ud800"]'
        ),
        "emoji_as_surrogates.ipynb": text(notebook(code("x = 1"))).replace("x = 1", "x = '\\ud83d\\ude00'"),
        "too_many_cells.ipynb": json.dumps({"cells": [0] * 2001}) + "\n",
        "is_a_notebook.py": good,
        "plain.py": ONE + "\n",
        "cells.es.py": f"# %%\n{ONE}\n\n# %% [markdown]\n# Prose\n\n# %%\n# %matplotlib inline\n{TWO}\n",
        "long_marker.py": "# %% a=" + "(" * 1500 + "\nx = 1\n",
        "yaml_header.py": f"# ---\n# a: &a [x]\n# b: [*a, *a]\n# ---\n\n# %%\n{ONE}\n",
        "conflicting_header.py": f"# ---\n# never: closed\n# %%\n{ONE}\n",
    }
    encoded = {name: content.encode() for name, content in written.items()}
    return encoded | {
        "empty.ipynb": b" \n\t",
        "utf8_mark.ipynb": good.encode("utf-8-sig"),
        "utf16.ipynb": text(spanish).encode("utf-16"),
        "utf16_without_mark.ipynb": good.encode("utf-16-be"),
        "utf16_cut.ipynb": good.encode("utf-16")[:-1],
        "latin1.ipynb": text(notebook(code("x = 'ñ'"))).encode("latin-1"),
        "nul_bytes.ipynb": good.encode()[:100] + bytes(512),
        "all_nul.ipynb": bytes(512),
        "pdf.ipynb": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "zip.ipynb": b"PK\x03\x04\x14\x00\x06\x00",
        "crlf.py": f"{ONE}\n{TWO}\n".replace("\n", "\r\n").encode(),
    }


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
