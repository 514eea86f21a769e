"""Knowledge: TOML cards and their strict loader."""
