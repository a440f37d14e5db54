"""Pages of the apostille: public verification, and the desk."""
