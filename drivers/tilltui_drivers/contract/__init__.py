"""Tests that every driver passes, ours or anyone's, against a virtual device.

Make a ``Bench`` of your device (what plugs it in, what makes it send, what it received) and subclass the
contract of its kind in a test file, or run ``pytest -p tilltui_drivers.pytest_plugin --driver module:Bench``.
``docs/drivers.md`` shows both. Needs pytest, which the till itself does not.
"""
