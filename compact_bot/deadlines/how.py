"""What the words tell that say how something was done: only spoken, or not done at all."""

import re

_SPOKEN = re.compile(
    r"\b(?:verbal(?:ly)?|oral(?:ly)?|(?:tele)?phone[ds]?|phoning|rang|ring(?:ing)?|called|calling|voicemail|in person"
    r"|face[ -]to[ -]face|told|tell|telling|said|spoke(?:n)?|speaking|word of mouth|mentioned"
    r"|(?:in|at) (?:a|the|our|their|his|her|my|last|this)? ?(?:\w+ )?(?:meeting|call|chat|conversation)"
    r"|(?:by|over|via|on) (?:a |the )?(?:phone|call|zoom|teams call|video call))\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\b(?:writ(?:ing|ten)|wrote|letters?|e-?mail(?:ed|s)?|by post|posted|recorded delivery|signed for|courier"
    r"|fax(?:ed)?|memo|in print|document|text message|attached|pdf)\b",
    re.IGNORECASE,
)
_NOT_WRITTEN = re.compile(
    r"\b(?:not|no|never|nothing|without|isn'?t|wasn'?t|hasn'?t|haven'?t)\b[^.;,]{0,24}?"
    r"\b(?:writ(?:ing|ten)|letters?|e-?mail(?:ed)?)\b",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\bnot (?:yet|been|done|sent|given|posted|paid|made|issued|started|out|gone|told|finished|published)\b"
    r"|\b(?:has|have|had|is|was|were|are|did|does|do|ca|wo)n['’]?t\b"
    r"|\b(?:no|without any) (?:notice|letter|payment|report|feedback|reply)\b"
    r"|\bnothing (?:has|was|sent|given)\b|\bnever\b|\bnot yet\b|\bunpaid\b|\bunsent\b|\byet to\b"
    r"|\b(?:will|shall|['’]ll|going to|about to|due to|planning to|plan to|hope to|intend(?:ing)? to|needs? to|to be"
    r"|should) (?:be |get |go |have |to )?(?:sent|send|given|give|paid|pay|done|do|posted|post|issued|issue|out|told"
    r"|tell|go|went|written|write|published|publish|made|make)\b"
    r"|\b(?:tomorrow|next (?:week|month|monday|tuesday|wednesday|thursday|friday))\b",
    re.IGNORECASE,
)


def is_only_spoken(how: str) -> bool:
    """ "told them by phone": said aloud, and nothing in it was written. A written "no" counts as spoken."""
    written = _WRITTEN.search(how) and not _NOT_WRITTEN.search(how)
    return bool((_SPOKEN.search(how) or _NOT_WRITTEN.search(how)) and not written)


def is_not_done(how: str) -> bool:
    """ "not sent yet", "will be sent next week": what was meant, and not what happened."""
    return bool(_NOT_DONE.search(how))
