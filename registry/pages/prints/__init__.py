"""Sheets of paper: forms for signature, the handbook, the minutes of an appraisal, and help."""
