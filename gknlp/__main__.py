"""``python -m gknlp`` is ``gknlp``."""

from gknlp.cli import main

if __name__ == "__main__":
    main()
