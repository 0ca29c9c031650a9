import pytest

from tilltui.errors import ConfigError
from tilltui_drivers.printers import profiles
from tilltui_drivers.printers.codepage import PAGES


def test_every_profile_resolves_on_every_paper() -> None:
    for name, table in profiles._tables().items():
        for width in table["paper"]:
            profile = profiles.resolve(name, width_mm=int(width))
            assert 30 <= profile.columns <= 48
            assert profile.columns * (10 if profile.name == "TM-U220" else 12) <= profile.dots
            assert profile.codepage in PAGES
            assert profile.fence in profiles.FENCES
            assert profile.cutter in ("feed", "plain", "none")


def test_paper_of_58_mm() -> None:
    wide, narrow = profiles.resolve("generic-80"), profiles.resolve("generic-80", width_mm=58)
    assert (wide.columns, wide.dots, narrow.columns, narrow.dots) == (48, 576, 32, 384)


def test_the_name_may_be_in_any_case_and_has_a_title() -> None:
    assert profiles.resolve("tm-t20ii").name == "TM-T20II"
    assert set(profiles.titles()) == set(profiles.names())


@pytest.mark.parametrize(
    ("asked", "page", "slot"),
    [("", "cp858", 19), ("cp1252", "cp1252", 16), ("CP858:13", "cp858", 13), ("cp437", "cp437", 0)],
)
def test_code_page_can_be_chosen(asked: str, page: str, slot: int) -> None:
    profile = profiles.resolve("generic-80", codepage=asked)
    assert (profile.codepage, profile.slot) == (page, slot)


@pytest.mark.parametrize("asked", ["cp932", "cp858:256", "cp858:-1", "latin1", "cp858:x"])
def test_wrong_code_page_is_refused_in_words(asked: str) -> None:
    with pytest.raises(ConfigError) as caught:
        profiles.resolve("generic-80", codepage=asked)
    assert asked in str(caught.value)


def test_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        profiles.resolve("TM-T2OII")
    assert caught.value.fields["near"] in ("TM-T20II", "TM-T20III", "TM-T20")


def test_unknown_paper_is_refused() -> None:
    with pytest.raises(ConfigError, match="58"):
        profiles.resolve("TM-U220", width_mm=58)
