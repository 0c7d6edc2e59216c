"""A second, independent reading of the register contract.

Written from the template's text alone, never from the product's code: plain Python, one record
at a time, slow and obvious. The tests import random files with both and compare.
"""
