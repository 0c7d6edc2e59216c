"""Loading the official lists of divisions: read and judge the files, then merge them at once."""
