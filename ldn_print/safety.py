"""Where the safety messages stand: the words with which a mistake can harm.

They get the strictest checks, and need the strictest review (handout standards 3.3).
"""

from __future__ import annotations

# Shared templates in which every message is one: warning, who must not take it, steps, help, side effects, cards.
_TEMPLATES = frozenset(
    {
        "macros/plan.html",
        "sections/before-you-start.html",
        "sections/card-fields.html",
        "sections/card-side.html",
        "sections/card-staff.html",
        "sections/care-opioids.html",
        "sections/daily-life.html",
        "sections/dose-plan.html",
        "sections/glance.html",
        "sections/guide-dose.html",
        "sections/guide-medicines.html",
        "sections/help.html",
        "sections/side-effects.html",
        "sections/steps.html",
        "sections/warning.html",
        "sections/what-it-is.html",
        "tools/card.html",
        "tools/dose-plan.html",
        "tools/opioids.html",
        "tools/visit.html",
    }
)
# Blocks of a handout's own template in which every message is one.
_BLOCKS = frozenset({"keep_taking", "take_care"})


def is_safety_place(file: str, block: str) -> bool:
    """Tell whether the messages of a template's block are safety messages.

    Args:
        file: the template as messages name it, ``templates/sections/help.html``.
        block: the innermost block around the message, or nothing.
    """
    return file.removeprefix("templates/") in _TEMPLATES or block in _BLOCKS
