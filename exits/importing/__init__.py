"""The import of village records: a file of the template, judged whole, its sound rows saved.

template → rows → running; `files` writes what is taken away. The file itself is kept nowhere.
"""
