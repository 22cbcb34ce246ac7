"""python -m tests.bench: print every measurement."""

from tests.bench import ask, nudges


def main() -> None:
    ask.main()
    nudges.main()


if __name__ == "__main__":
    main()
