"""``python -m dataeng_kit`` is the command line."""

from dataeng_kit.cli import main

raise SystemExit(main())
