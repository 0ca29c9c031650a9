"""What the law of a country adds to a sale; each regime is a plug-in of the group ``tilltui.fiscal``."""
