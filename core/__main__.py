"""`python -m core`: the command line."""

import sys

INTERRUPTED = 130  # 128 and the number of the signal, as a shell has it

try:
    from core.cli import main

    status = main()
except KeyboardInterrupt:
    from core.terminal import say_aside

    say_aside("Interrupted.")
    status = INTERRUPTED
sys.exit(status)
