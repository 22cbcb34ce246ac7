"""python -m tests.bench: print every measurement."""

from tests.bench import ask, nudges, review, slack, teams, year


def main() -> None:
    ask.main()
    nudges.main()
    year.main()
    review.main()
    slack.main()
    teams.main()


if __name__ == "__main__":
    main()
