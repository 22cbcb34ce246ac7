"""Words with every date, number and code made alike: what is done does not depend on which day or which D12."""

import re

_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_MASKS = (
    (r"\bd\d{1,6}\b", " xitem "),
    (r"\bf\d{1,7}\b", " xfeedback "),
    (r"\b\d{1,4}[/-]\d{1,2}(?:[/-]\d{2,4})?\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b", " xdate "),
    (r"\b\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\b", " xclause "),
    (r"\b\d{1,2}(?:st|nd|rd|th)\b", " xordinal "),
    (rf"\b(?:{_MONTH})\b\.?", " xmonth "),
    (r"\d+", " xnumber "),
    (r"\s+", " "),
    (r"(?:(?:xordinal|xnumber) )?(?:of )?xmonth(?: (?:xnumber|xordinal))?(?: xnumber)?", " xdate "),
    (rf"\b(?:{_WEEKDAY})\b", " xweekday "),
    (r"\?", " xquestion "),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), stands_for) for pattern, stands_for in _MASKS)


def masked(text: str) -> str:
    for pattern, stands_for in _COMPILED:
        text = pattern.sub(stands_for, text)
    return text
