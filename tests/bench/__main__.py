"""python -m tests.bench: print every measurement."""

from tests.bench import adopting, ask, nudges, review, slack, teams


def main() -> None:
    ask.main()
    adopting.main()
    nudges.main()
    review.main()
    slack.main()
    teams.main()


if __name__ == "__main__":
    main()
