"""Lets `python -m medtui` do what the command `medtui` does."""

from medtui.start import main

if __name__ == "__main__":
    main()
