"""python -m tests.bench: print every measurement."""

from tests.bench import ask, nudges, teams


def main() -> None:
    ask.main()
    nudges.main()
    teams.main()


if __name__ == "__main__":
    main()
