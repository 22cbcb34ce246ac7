"""A council's file -> lines. Each way in which a file cannot be read becomes one line that says what to do."""

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.adopting.errors import AdoptError
from knowledge.adopting.lines import Line
from knowledge.adopting.plain import decoded, markdown_lines, text_lines
from knowledge.adopting.tables import columns_apart, numbered_down

MOST_BYTES = 60_000_000
MOST_LINES = 60_000
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
READ = ".docx, .pdf, .html, .md or .txt"
_OTHERS = {
    ".doc": "an old Word file; open it in Word and save it as .docx",
    ".rtf": "a rich text file; open it in Word and save it as .docx",
    ".odt": "an OpenDocument text; open it in Word or LibreOffice and save it as .docx",
    ".pages": "a Pages file; export it as .docx",
    ".xlsx": "a spreadsheet; copy the agreement's words into a Word document",
    ".xls": "a spreadsheet; copy the agreement's words into a Word document",
    ".ods": "a spreadsheet; copy the agreement's words into a Word document",
    ".csv": "a spreadsheet; copy the agreement's words into a Word document",
    ".pptx": "a presentation; copy the agreement's words into a Word document",
    ".ppt": "a presentation; copy the agreement's words into a Word document",
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff"),
        "a picture; its words must be typed or scanned with text recognition first",
    ),
    ".zip": "an archive; unpack it and give the file inside",
}


def convert(files: Sequence[Path], progress: Callable[[str], None]) -> list[Line]:
    """The lines of all the files, one after another, numbered from 1. Raises AdoptError."""
    lines = [line for file in files for line in _lines_of(file, progress) if line.text.strip()]
    if not lines:
        raise AdoptError(f"{files[0]}: the file is empty; give the file that holds the agreement")
    if len(lines) > MOST_LINES:
        raise AdoptError(f"{files[0]}: {len(lines)} lines are more than an agreement has; give the agreement alone")
    return numbered(lines)


def numbered(lines: Sequence[Line]) -> list[Line]:
    """The lines with the number that each has in source.txt, where an empty line stands before some."""
    number, done = 0, list[Line]()
    for line in numbered_down(list(columns_apart(lines))):
        text = re.sub(r"\s+", " ", line.text).strip()
        number += 2 if line.blank_before and done else 1
        done.append(replace(line, text=text, number=number, blank_before=line.blank_before or not done))
    return done


def _lines_of(file: Path, progress: Callable[[str], None]) -> list[Line]:
    data = _bytes_of(file)
    kind = _kind(file, data)
    if kind == ".pdf":
        return _pdf(file, progress)
    if kind == ".docx":
        return _word(file, data)
    text = decoded(data)
    if len(_NO_TEXT.findall(text[:20_000])) > 0.02 * min(len(text), 20_000):
        raise AdoptError(f"{file}: not a text file; save the agreement as {READ}")
    if kind == ".html":
        from knowledge.adopting.web import web_lines

        return web_lines(text)
    return markdown_lines(text) if kind == ".md" else text_lines(text)


def _bytes_of(file: Path) -> bytes:
    if file.is_dir():
        raise AdoptError(f"{file}: a folder; give the agreement's file ({READ})")
    if not file.exists():
        raise AdoptError(f"{file}: there is no such file; check its name")
    if suggestion := _OTHERS.get(file.suffix.lower()):
        raise AdoptError(f"{file}: {suggestion}")
    try:
        if file.stat().st_size > MOST_BYTES:
            raise AdoptError(f"{file}: larger than 60 MB; save the agreement alone, without pictures")
        data = file.read_bytes()
    except OSError as error:
        raise AdoptError(f"{file}: cannot be read ({error.strerror}); check who may open it") from error
    if not data.strip():
        raise AdoptError(f"{file}: the file is empty; give the file that holds the agreement")
    return data


def _kind(file: Path, data: bytes) -> str:
    """What a file is by its first bytes, else by its name: people rename files."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return ".docx"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise AdoptError(
            f"{file}: asks for a password; open it, take the password off and save it again"
            if locked
            else f"{file}: an old Office file; open it in Word and save it as .docx"
        )
    if data.startswith(b"{\\rtf"):
        raise AdoptError(f"{file}: {_OTHERS['.rtf']}")
    if data.startswith(_PICTURES):
        raise AdoptError(f"{file}: {_OTHERS['.png']}")
    suffix = file.suffix.lower()
    if suffix in (".html", ".htm", ".xhtml") or data[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return ".html"
    if suffix in (".pdf", ".docx"):
        raise AdoptError(f"{file}: damaged, or no {suffix} file; open it and save it again")
    return ".md" if suffix in (".md", ".markdown") else ".txt"


def _pdf(file: Path, progress: Callable[[str], None]) -> list[Line]:
    from knowledge.adopting.pdf import MOST_PAGES, LockedError, NoTextError, TooLongError, pdf_lines

    def page(number: int, of: int) -> None:
        progress(f"{file.name}: page {number} of {of}")

    try:
        return pdf_lines(file, page)
    except NoTextError:
        raise AdoptError(
            f"{file}: a scan, pictures without text; run text recognition (OCR) on it, or ask for the Word file"
        ) from None
    except LockedError:
        raise AdoptError(f"{file}: asks for a password; open it, take the password off and save it again") from None
    except TooLongError:
        raise AdoptError(
            f"{file}: more than {MOST_PAGES} pages; save the pages of the agreement as a file of their own"
        ) from None
    except Exception as error:  # pdfminer raises what its parser stumbled on: KeyError, struct.error and others
        raise AdoptError(f"{file}: damaged; open it and save it again ({type(error).__name__})") from error


def _word(file: Path, data: bytes) -> list[Line]:
    from io import BytesIO

    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise AdoptError(f"{file}: damaged; open it in Word and save it again") from error
    names = [entry.filename for entry in entries]
    if sum(entry.file_size for entry in entries if entry.filename.endswith(".xml")) > MOST_BYTES:
        raise AdoptError(f"{file}: far longer than an agreement; save the agreement alone")
    if "xl/workbook.xml" in names:
        raise AdoptError(f"{file}: {_OTHERS['.xlsx']}")
    if "ppt/presentation.xml" in names:
        raise AdoptError(f"{file}: {_OTHERS['.pptx']}")
    if "word/document.xml" not in names:
        raise AdoptError(f"{file}: an archive, and no Word document; give the agreement's file ({READ})")
    from knowledge.adopting.word import word_lines

    try:
        return word_lines(BytesIO(data))
    except (
        Exception
    ) as error:  # python-docx raises what it stumbled on: KeyError, ValueError, XMLSyntaxError and others
        raise AdoptError(f"{file}: damaged; open it in Word and save it again ({type(error).__name__})") from error
