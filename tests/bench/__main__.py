"""python -m tests.bench: print every measurement."""

from tests.bench import ask


def main() -> None:
    ask.main()


if __name__ == "__main__":
    main()
