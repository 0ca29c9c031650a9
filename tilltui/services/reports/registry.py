"""Every report that a person can ask for: a row each, for the till's menu and for ``tilltui report``."""

from __future__ import annotations

from collections.abc import Mapping

from tilltui.services.reports.report import Report
from tilltui.services.reports.shift import X_REPORT

REPORTS: Mapping[str, Report] = {report.id: report for report in (X_REPORT,)}
"""By the name on the command line, in the order of the menu."""
