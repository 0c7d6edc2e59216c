"""The import of measures: a file of the template, judged whole, its sound rows saved at once.

template → rows → known → judging → saving; `running` drives them, `files` writes what is taken
away. `judging` is pure: values in, verdicts out. The file itself is kept nowhere.
"""
