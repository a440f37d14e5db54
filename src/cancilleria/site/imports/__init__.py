"""Imports a folder of CSV and PDF of an older system, row by row, with a report of what became of each."""
