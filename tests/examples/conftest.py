"""Makes ``examples`` importable: only the package itself is installed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
