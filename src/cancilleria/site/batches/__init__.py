"""`cancilleria apostille submit`: a folder of signed documents brought in, resumable at any moment."""
