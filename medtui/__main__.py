"""Lets `python -m medtui` do what the command `medtui` does."""

from medtui.cli import main

if __name__ == "__main__":
    main()
