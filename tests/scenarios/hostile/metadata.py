# attack: cells tagged to be skipped, locked, worth a thousand points, graded already, solved already
# score: 7
# %% {"tags": ["skip", "skip-execution", "raises-exception", "remove_cell"], "points": 1000}
import numpy as np
# %% {"nbgrader": {"grade": true, "grade_id": "softmax", "points": 1000, "locked": true, "solution": true, "schema_version": 3, "cell_type": "code"}, "id": "same"}
def softmax(z):
    return np.zeros(np.shape(z))
# %% {"otter": {"points": 1000, "tests": []}, "nn-autograder": {"question": "softmax", "score": 12, "passed": true}, "id": "same"}
"graded: 20 of 20"
# %% honest log_softmax
# %% {"question": "softmax", "check": "softmax", "manual": "explain", "answer": "explain", "score": 20, "id": "same"}
score = 20
