"""One folder per matter, ignorant of one another."""
