"""`python -m core`: the command line."""

import sys

try:
    from core.cli import main

    status = main()
except KeyboardInterrupt:  # before there is a command
    from core.terminal import say_interrupted

    status = say_interrupted()
sys.exit(status)
