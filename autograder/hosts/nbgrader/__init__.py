"""Inside nbgrader: a course directory that it accepts, and steps for its pipeline that grade in our sandbox.

nbgrader keeps its gradebook, formgrader, feedback and exports; only the execution of notebooks is replaced.
"""
