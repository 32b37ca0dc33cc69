"""Makes `python -m tui` the same as `bise`."""

from tui.cli import main

if __name__ == "__main__":
    main()
