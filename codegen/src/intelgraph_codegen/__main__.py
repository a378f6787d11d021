"""`python -m intelgraph_codegen`."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
