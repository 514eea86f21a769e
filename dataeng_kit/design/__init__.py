"""Designs: Evidence → Design, one module per kind of model."""
