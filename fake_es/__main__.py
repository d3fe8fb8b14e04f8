"""``python -m fake_es``."""

from fake_es.cli import main

raise SystemExit(main())
