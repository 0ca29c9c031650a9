"""The X report: how the open shift stands; nothing changes."""

from __future__ import annotations

from tilltui.errors import N_
from tilltui.services.day.closing import paper
from tilltui.services.register import Register
from tilltui.services.reports.report import Made, Report, Say


def _make(register: Register, say: Say) -> Made:
    report = register.day.x()
    return Made(paper(report, register.sale.shop, say), report.body())


X_REPORT = Report("x", N_("X: how the shift stands"), _make)
"""The totals of the open shift so far."""
