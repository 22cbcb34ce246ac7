"""python -m tests.bench: print every measurement."""

from tests.bench import ask, nudges, slack, teams


def main() -> None:
    ask.main()
    nudges.main()
    slack.main()
    teams.main()


if __name__ == "__main__":
    main()
