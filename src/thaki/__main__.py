"""`python -m thaki`, which the script `thaki` calls."""

import sys

from thaki.config.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
