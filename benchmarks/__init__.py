"""What the system takes, measured on real rows: `make bench HOUSEHOLDS=100000 [DIVISIONS=folder]`.

Runs on servers of its own, which start empty and are removed afterwards. Figures are compared with
a floor measured in the same run (the same rows by COPY, without rules), so that ratios hold on any
machine. `--write` puts the table into docs/performance.md.
"""
