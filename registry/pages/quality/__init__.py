"""Data quality: what looks odd, by rule, village and editor, to be mended or explained."""
