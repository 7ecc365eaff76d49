# attack: kernels, languages and graders of the attacker's choice in the notebook's metadata
# score: 18
# notebook: {"kernelspec": {"name": "../../bin/sh", "argv": ["touch", "@OUT@/autograder_was_here"], "language": "sh"}, "language_info": {"name": "bash"}, "nn-autograder": {"assignment": "../../../etc", "lang": "../../..", "score": 20}, "lang": "xx", "autograder": {"status": "graded", "score": 20}, "jupytext": {"text_representation": {"format_name": "sphinx"}}, "widgets": {"x": {"state": {}}}}
# %% honest
