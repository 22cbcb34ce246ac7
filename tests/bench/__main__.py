"""python -m tests.bench: print every measurement."""

from tests.bench import acts, adopting, ask, lists, nudges, review, slack, teams, year


def main() -> None:
    ask.main()
    adopting.main()
    acts.main()
    nudges.main()
    year.main()
    review.main()
    lists.main()
    slack.main()
    teams.main()


if __name__ == "__main__":
    main()
