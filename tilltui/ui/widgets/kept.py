"""Widgets that hand out what they drew last while nothing of them has changed.

Whenever anything on the screen changes, Textual asks every widget in sight, containers and the screen itself
included, for all its lines, and looks each one up in its cache: about half of what a scan costs.
"""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Kept(Widget):
    """To be put before a widget class's own: ``class StyledWidget(Kept)``."""

    _kept: tuple[Region, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of before, if no line was marked dirty and the cache was not emptied since."""
        cache = self._styles_cache
        if self._kept is not None and self._kept[0] == crop and cache._cache and not cache._dirty_lines:
            return self._kept[1]
        strips = super().render_lines(crop)
        self._kept = (crop, strips)
        return strips

    def notify_style_update(self) -> None:
        """Another theme draws other lines."""
        self._kept = None
        super().notify_style_update()
