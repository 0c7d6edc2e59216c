"""One household entered by a form or the REST door: kept as a draft, judged, and saved.

It is judged and saved by the kernel of the import, so that file, form and REST refuse alike.
"""
