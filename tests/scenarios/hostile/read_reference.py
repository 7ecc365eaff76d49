# attack: imports the reference solution by path and takes its functions
# score: 0
# %%
import importlib.util
import sys

sys.path[:0] = ["@COURSE@/solutions/softmax", "@COURSE@"]
# %%
from softmax import log_softmax, softmax

# %%
spec = importlib.util.spec_from_file_location("answer", "@COURSE@/solutions/softmax/softmax.py")
answer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(answer)
softmax, log_softmax = answer.softmax, answer.log_softmax
# %%
exec(open("@COURSE@/solutions/softmax/equivalents.py").read())
softmax, log_softmax = by_einsum, by_logaddexp
