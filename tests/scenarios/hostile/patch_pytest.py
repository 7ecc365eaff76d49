# attack: pytest and the grader are replaced or forged in sys.modules
# score: 0
# %%
import sys
import types


class Yes(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: Yes(name)

    def __bool__(self):
        return True


for name in ("pytest", "_pytest", "_pytest.runner", "_pytest.python", "autograder", "autograder.grading"):
    sys.modules[name] = Yes(name)
for name in ("expect", "session", "outcome", "student"):
    sys.modules[f"autograder.grading.{name}"] = Yes(name)


def softmax(z):
    return Yes("result")


def log_softmax(z):
    return Yes("result")
