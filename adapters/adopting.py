"""compact-bot adopt in the terminal: the preview, what the officer mends, and the folder."""

import re
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from knowledge.adopting.adoption import Adoption, adopt, files_of, read_lines, write
from knowledge.adopting.errors import AdoptError
from knowledge.adopting.mending import Mend, mends_said, read_mends
from knowledge.adopting.preview import preview
from knowledge.laying import open_subjects
from knowledge.learning import Model

if TYPE_CHECKING:
    from starlette.applications import Starlette

ASK = """Right? Type yes to write it, no to leave it, show to see each clause with its line, or mend lines:
"12 heading", "12-14 furniture", "30 clause", "31 goes on", "40-44 binds Council", "40 binds nobody",
"50 about training": """
YES = ("yes", "y")
Serve: TypeAlias = "Callable[[Starlette, socket.socket, threading.Event], None]"


def adopt_files(files: Sequence[Path], into: Path | None, yes: bool, whole: bool, kept_in: Path) -> int:
    """Read, show, ask unless told yes, write. Returns 0 when written, 1 when not. Raises AdoptError."""
    folder = into or Path(_folder_name(files[0]))
    if not yes and not sys.stdin.isatty():
        raise AdoptError("nobody can be asked here; add --yes to write what is read, and look through it afterwards")
    adoption = adopt(files, read_mends(folder), _progress)
    subjects = open_subjects(kept_in)
    print(preview(adoption, whole, adoption.laid(subjects)))
    accepted: frozenset[int] = frozenset()
    if not yes:
        answered = _mended(adoption, whole, subjects)
        if answered is None:
            print("Nothing was saved.")
            return 1
        adoption, accepted = answered, _accepted(answered)
    write(folder, files_of(adoption, accepted, adoption.laid(subjects)))
    print(f"\nWritten: {folder}. Check it with: python -m knowledge.check {folder}")
    print(f"To serve it, set COMPACT_AGREEMENT={folder.resolve()}")
    return 0


def adopt_on_a_page(files: Sequence[Path], into: Path | None, kept_in: Path, serve: Serve) -> int:
    """Serve the page on this machine until the folder is written or left. Returns 0 when written, 1 when not."""
    from adapters.adopting_page import AdoptingPage

    folder = into or Path(_folder_name(files[0]))
    adoption = adopt(files, read_mends(folder), _progress)
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # who opens the page at once waits, and is not refused
        port = listening.getsockname()[1]
        written, over = [False], threading.Event()

        def done(was_written: bool) -> None:
            written[0] = was_written
            over.set()

        page = AdoptingPage(adoption, folder, open_subjects(kept_in), done)
        print(f"Open http://127.0.0.1:{port} in a browser on this machine. Ctrl+C leaves all as it is.", flush=True)
        serve(page.app(), listening, over)
    if written[0]:
        print(f"Written: {folder}. Check it with: python -m knowledge.check {folder}")
        print(f"To serve it, set COMPACT_AGREEMENT={folder.resolve()}")
    else:
        print("Nothing was saved.")
    return 0 if written[0] else 1


def _mended(adoption: Adoption, whole: bool, subjects: Model | None) -> Adoption | None:
    """What the officer agrees to, or None."""
    mends: list[Mend] = list(adoption.mends)
    while True:
        said = _answer(ASK)
        if said.casefold() in ("", "no", "n"):
            return None
        if said.casefold() in YES:
            return adoption
        if said.casefold() == "show":
            print(preview(adoption, True, adoption.laid(subjects)))
            continue
        try:
            mends += mends_said(said, adoption.lines)
        except ValueError as problem:
            print(problem)
            continue
        adoption = read_lines(list(adoption.lines), mends)
        print(preview(adoption, whole, adoption.laid(subjects)))


def _accepted(adoption: Adoption) -> frozenset[int]:
    """Which proposed dates the officer says yes to."""
    chosen = set()
    for place, draft in enumerate(adoption.drafts):
        print(f"\n{draft.clause}: “{draft.sentence}”")
        if _answer(f"Count {draft.when}? yes or no: ").casefold() in YES:
            chosen.add(place)
    return frozenset(chosen)


def _answer(question: str) -> str:
    try:
        return input(f"\n{question}").strip()
    except EOFError:
        return ""


def _progress(said: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{said}", end="", file=sys.stderr, flush=True)


def _folder_name(file: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", file.stem.casefold()).strip("-") or "agreement"
