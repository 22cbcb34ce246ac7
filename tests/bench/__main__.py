"""python -m tests.bench: print every measurement."""

from tests.bench import adopting, ask, lists, nudges, review, slack, teams


def main() -> None:
    ask.main()
    adopting.main()
    nudges.main()
    review.main()
    lists.main()
    slack.main()
    teams.main()


if __name__ == "__main__":
    main()
