"""The shop, opened and profiled once for all tests of a folder."""

import importlib.util
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("kit_shop", Path(__file__).parent.parent / "design" / "shop.py")
shop_module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shop_module)


@pytest.fixture(scope="session")
def shop_tools():
    return shop_module


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    data, evidence = shop_module.shop(tmp_path_factory.mktemp("shop"))
    yield data, evidence
    data.close()
