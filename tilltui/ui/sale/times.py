"""Times and ages as the cashier reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from tilltui.i18n import _, language

_DAYS = {
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "pt": ("seg", "ter", "qua", "qui", "sex", "sáb", "dom"),
}
_MONTHS = {
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "pt": ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"),
}


def clock_text(at_ms: int) -> str:
    """Date and time for the head of the screen, in the machine's time zone."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone()
    day, month = _DAYS[language()][moment.weekday()], _MONTHS[language()][moment.month - 1]
    return f"{day} {moment.day} {month} {moment:%H:%M}"


def age_text(since_ms: int, now_ms: int) -> str:
    """How long ago, never like a time of day: ``21 min``, ``2:05 h``; more than two days in days."""
    minutes = max(0, now_ms - since_ms) // 60_000
    if minutes >= 48 * 60:
        return _("{days} days").format(days=minutes // 1440)
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes} min"
