"""Made-up help for the made-up households: plans of three years, and what came of them.

homes → quotas → helps, villages → writing; `giving` drives them, and `cases` lets some plans wait.
One stream of random numbers feeds them all in a fixed order, so the same seed and business date
make the same plans.
"""
