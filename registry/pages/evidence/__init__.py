"""The photos and PDFs of a draft, a household, a case or a notice: one page, one address a file."""
