"""What a machine reads on paper: QR and DataMatrix codes, visible digital seals, machine readable zones. No Django."""
