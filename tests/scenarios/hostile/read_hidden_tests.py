# attack: reads the hidden grader and shows it in an error message
# score: 0
# %%
import os
from pathlib import Path

found = []
for path in ("@COURSE@/solutions/softmax/test_softmax.py", "@COURSE@/solutions", "../test_softmax.py"):
    for way in (lambda p: Path(p).read_text(), os.listdir, lambda p: os.readlink(p)):
        try:
            found.append(str(way(path)))
        except OSError:
            pass
raise RuntimeError("".join(found)[:190] or "nothing")
