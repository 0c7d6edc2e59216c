"""Made-up teams for the made-up villages: who helps where, and what came of it.

people → terms → days, pairing → visits, grades; `sending` drives them. One stream of random numbers
feeds them all in a fixed order, so the same seed and business date make the same people and days.
"""
