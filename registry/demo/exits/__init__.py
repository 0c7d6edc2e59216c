"""Who left poverty: households, villages and counties, what was planned, and who signed.

hands → past, villages, planning write rows of the years before, each in one transaction; what has
just happened goes through the actions that officers use, on the business date that was theirs:
places, returning. `story` calls them in the order of time. The same seed makes the same rows.
"""
