"""``python -m ldn_print`` is the command line."""

from ldn_print.cli import main

if __name__ == "__main__":
    main()
