"""The design system: components, shells, assets."""
