"""The import of a register: one file of the template, judged whole, saved household by household.

reader → staging → filed → known → judging → saving; `run` drives them, `batches` keeps the record.
Everything between `cells` and `judging` is pure: values in, verdict out.
"""
