"""Recipes: one template per thing to build."""
