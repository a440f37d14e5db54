"""Figures as people read them: in words, on the board, on the map, in files and in the plan's report."""
