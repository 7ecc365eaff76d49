# attack: overwrites grades, reports, the grader, a neighbour's work, the home directory
# score: 0
# %%
import os

written = []
for path in (
    "@OUT@/grades.csv",
    "@OUT@/reports/softmax/autograder_was_here.json",
    "@OUT@/autograder_was_here",
    "@NEIGHBOUR@",
    "@SUBMITTED@/autograder_was_here.ipynb",
    "@COURSE@/solutions/softmax/test_softmax.py",
    "@COURSE@/course.yml",
    "@COURSE@/conftest.py",
    "@HOME@/.bashrc",
    "/tmp/autograder_was_here",
    "/var/tmp/autograder_was_here",
    "/dev/shm/autograder_was_here",
    "/autograder_was_here",
):
    for flags in (os.O_WRONLY, os.O_WRONLY | os.O_CREAT, os.O_RDWR | os.O_TRUNC, os.O_WRONLY | os.O_APPEND):
        try:
            descriptor = os.open(path, flags, 0o666)
            os.write(descriptor, b"student,score\nme,20\n")
            written.append(path)
        except OSError:
            pass
if written:
    raise SystemError(f"ESCAPED: {written}")
