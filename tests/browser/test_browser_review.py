"""The review in a browser: nothing for axe-core to say, light and dark; no network, nothing on the console; it prints."""

import pytest

import dataeng_kit as dk
from dataeng_kit.share import sample

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return dk.open(sample("healthcare")).review(tmp_path_factory.mktemp("review") / "r.html")[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_review_is_accessible_and_alone(review, browser, axe, shots, scheme):
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    said = []
    page.on("console", lambda m: said.append(m.text))
    page.on("request", lambda r: said.append(r.url) if r.url != review.as_uri() else None)
    page.goto(review.as_uri())
    page.screenshot(path=shots / f"review_{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200
    assert said == []
    assert axe(page, "body") == []
    context.close()


def test_a_review_prints_with_a_page_for_each_of_its_readers(review, browser, tmp_path):
    page = browser.new_page()
    page.goto(review.as_uri())
    page.pdf(path=tmp_path / "r.pdf", prefer_css_page_size=True)
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('section')].every(s => s.getBoundingClientRect().height > 20)")
    assert (tmp_path / "r.pdf").stat().st_size > 50_000
    page.close()
