"""Lab: widgets, magics and panels; the only room that knows IPython."""
