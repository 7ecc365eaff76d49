# attack: reads the secret that hidden inputs are drawn from, and draws them itself
# score: 0
# %%
for path in ("@COURSE@/.autograder-secret", "@COURSE@/course.yml", "/proc/self/cwd/.autograder-secret"):
    try:
        with open(path) as file:
            raise SystemError("ESCAPED: " + file.read())
    except OSError:
        pass
