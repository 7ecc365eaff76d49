# attack: copies the answers out of other submissions
# score: 0
# %%
import glob
import json

sources = []
for path in ["@NEIGHBOUR@", *glob.glob("@SUBMITTED@/*"), *glob.glob("@SUBMITTED@/*/*/*")]:
    try:
        with open(path) as file:
            sources.append(file.read())
    except OSError:
        pass
for source in sources:
    for cell in json.loads(source)["cells"]:
        exec("".join(cell["source"]))
raise RuntimeError(str(sources)[:190])
