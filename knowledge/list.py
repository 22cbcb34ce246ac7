"""python -m knowledge.list [FOLDER]: every clause with words of its own, one JSON line each, in printed order."""

import json
import sys
from collections.abc import Sequence

from knowledge.agreement import AgreementError
from knowledge.reader import find_folder, read_agreement


def main(arguments: Sequence[str] = ()) -> int:
    """Print number, heading, party and text of each clause. Returns 0, or 2 with one clear line."""
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        print("Usage: python -m knowledge.list [FOLDER]    (without one: the Sutton Compact)", file=sys.stderr)
        return 2
    try:
        agreement = read_agreement(find_folder(arguments[0] if arguments else "sutton"))
    except AgreementError as error:
        print(error, file=sys.stderr)
        return 2
    for clause in agreement.parts:
        row = {"number": clause.number, "heading": clause.heading, "party": clause.party, "text": clause.text}
        print(json.dumps(row, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
