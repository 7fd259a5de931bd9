"""The preview in a real browser: what was found where, by mouse, by keyboard and on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from ocrwell import env
from ocrwell.accounts.models import Member, Org
from ocrwell.jobs.models import Correction, Job
from ocrwell.storage import Store
from tests.dashboard.test_browser import PASSWORD, QUIET, Browser
from tests.factories import PAPER, make_org, make_previewed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 375, "height": 740, "deviceScaleFactor": 1, "mobile": True}


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    path = shutil.which("chromedriver")
    if path is None:
        assert not env.text("CI"), "chromedriver is missing: make services installs it"
        pytest.skip("there is no chromedriver here; make services installs one")
    options = ChromeOptions()
    for argument in QUIET:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with Chrome(options, ChromeService(path)) as driver:
        yield driver


@pytest.fixture
def org(transactional_db: None, store: Store) -> Org:
    return make_org(name="Ours Ltd")


@pytest.fixture
def browser(driver: Chrome, org: Org, live_server: Any) -> Iterator[Browser]:
    browser = Browser(driver, live_server.url.replace("localhost", "dashboard.test"))
    browser.open("/healthz")
    driver.delete_all_cookies()
    yield browser
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.get("about:blank")


@pytest.fixture
def job(org: Org) -> Job:
    return make_previewed(org)


def show(browser: Browser, job: Job) -> None:
    browser.open(f"/preview/{job.preview_token}")
    wait(browser, lambda: all_of(browser, ".word"))


def phone(browser: Browser) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)


def all_of(browser: Browser, selector: str) -> list[WebElement]:
    return browser.driver.find_elements(By.CSS_SELECTOR, selector)


def one(browser: Browser, selector: str) -> WebElement:
    return browser.driver.find_element(By.CSS_SELECTOR, selector)


def value(browser: Browser, path: str) -> WebElement:
    return one(browser, f'.value[data-path="{path}"]')


def wait(browser: Browser, what: Callable[[], Any]) -> Any:
    waiting = WebDriverWait(browser.driver, 30, ignored_exceptions=[WebDriverException])
    return waiting.until(lambda _: what())


def ask(browser: Browser, script: str, *given: Any) -> Any:
    return browser.driver.execute_script(f"return {script}", *given)


def focused(browser: Browser) -> WebElement:
    return browser.driver.switch_to.active_element


def marked(browser: Browser) -> str:
    """The value whose place on a page is highlighted and in sight."""
    wait(browser, lambda: ask(browser, IN_SIGHT))
    return str(ask(browser, "document.querySelector('.value.chosen').dataset.path"))


IN_SIGHT = """(() => {
    const box = document.querySelector('.box.chosen')?.getBoundingClientRect();
    const pages = document.getElementById('pages').getBoundingClientRect();
    return box && box.top >= pages.top && box.bottom <= pages.bottom;
})()"""


def test_a_field_leads_to_where_it_was_found(browser: Browser, job: Job) -> None:
    show(browser, job)
    value(browser, "total").find_element(By.CSS_SELECTOR, ".find").click()
    assert marked(browser) == "total"
    wait(browser, lambda: one(browser, "#number").get_property("value") == "2")
    box, word = one(browser, ".box.chosen").rect, one(browser, '.word[data-text="29.22"]').rect
    for side in ("x", "y", "width", "height"):
        assert box[side] == pytest.approx(word[side], abs=8)


def test_a_word_leads_to_its_field_and_says_how_sure_it_is(browser: Browser, job: Job) -> None:
    show(browser, job)
    word = one(browser, '.word[data-text="4711"]')
    ActionChains(browser.driver).move_to_element(word).perform()
    assert one(browser, "#tip").text == "4711 62 % sure"
    assert "doubt" in str(word.get_attribute("class"))
    word.click()
    assert marked(browser) == "invoice_number"
    assert "Invoice number" in focused(browser).text


def test_everything_is_reached_by_keyboard(browser: Browser, job: Job) -> None:
    show(browser, job)
    one(browser, "#pages").click()
    focused(browser).send_keys(Keys.TAB)
    assert focused(browser).get_attribute("aria-label") == "ACME, 99 % sure"
    assert one(browser, "#tip").text == "ACME 99 % sure"
    focused(browser).send_keys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert focused(browser).get_attribute("aria-label") == "4711, 62 % sure"
    focused(browser).send_keys(Keys.ENTER)
    assert marked(browser) == "invoice_number"
    focused(browser).send_keys(Keys.TAB)
    assert "Line items" in focused(browser).text
    focused(browser).send_keys(Keys.ENTER)
    assert marked(browser) == "line_items.0.name"


def test_pages_of_a_long_document_are_loaded_when_they_come_near(
    browser: Browser, org: Org
) -> None:
    show(browser, make_previewed(org, [*PAPER, *[["More"]] * 28]))
    pictures = (
        "performance.getEntriesByType('resource').filter(e => e.name.endsWith('.jpg')).length"
    )
    assert ask(browser, pictures) < 8
    number = one(browser, "#number")
    number.clear()
    number.send_keys("30", Keys.ENTER)
    wait(browser, lambda: all_of(browser, "#p30 .word"))
    wait(browser, lambda: not all_of(browser, "#p1 .word"))
    assert ask(browser, pictures) < 16


def test_the_text_of_a_page_is_read_and_copied(browser: Browser, job: Job) -> None:
    show(browser, job)
    one(browser, "#as-text").click()
    assert "Subtotal 24.35" in one(browser, "#t2").text
    button = one(browser, '[data-copy="t1"]')
    button.click()
    wait(browser, lambda: button.text == "Copied")


def test_a_page_is_magnified(browser: Browser, job: Job) -> None:
    show(browser, job)
    before = one(browser, "#p1 .paper").rect["width"]
    one(browser, "#larger").click()
    one(browser, "#larger").click()
    assert one(browser, "#zoom").text == "150 %"
    assert one(browser, "#p1 .paper").rect["width"] == pytest.approx(1.5 * before, rel=0.05)
    assert ask(browser, "document.documentElement.scrollWidth <= innerWidth")


def test_it_fits_a_phone(browser: Browser, job: Job) -> None:
    phone(browser)
    show(browser, job)
    value(browser, "total").find_element(By.CSS_SELECTOR, ".find").click()
    assert marked(browser) == "total"
    assert one(browser, ".box.chosen").rect["height"] > 16
    assert ask(browser, "document.documentElement.scrollWidth") == PHONE["width"]
    browser.open("/preview/nothing")
    assert ask(browser, "document.documentElement.scrollWidth") == PHONE["width"]


def test_a_member_corrects_a_value_and_confirms_another(
    browser: Browser, org: Org, job: Job
) -> None:
    Member.objects.create_user("bob", PASSWORD, org=org)
    show(browser, job)
    browser.press("Log in to correct values")
    browser.fill(username="bob", password=PASSWORD)
    browser.press("Log in")
    wait(browser, lambda: all_of(browser, ".word"))
    total = value(browser, "total")
    total.find_element(By.CSS_SELECTOR, "[data-do=edit]").click()
    focused(browser).send_keys("29,2", Keys.ENTER)
    wait(browser, lambda: "Write a number" in one(browser, ".problem").text)
    focused(browser).send_keys(Keys.CONTROL, "a")
    focused(browser).send_keys("29.20", Keys.ENTER)
    wait(browser, lambda: one(browser, "#left").text == "2")
    assert "Corrected by a person" in value(browser, "total").text
    value(browser, "paid").find_element(By.CSS_SELECTOR, "[data-do=confirm]").click()
    wait(browser, lambda: one(browser, "#left").text == "1")
    rows = Correction.objects.values_list("path", "value", "member__username")
    assert list(rows) == [("total", 29.2, "bob"), ("paid", None, "bob")]


def edit(browser: Browser, path: str) -> WebElement:
    """Where its right value is filled in."""
    value(browser, path).find_element(By.CSS_SELECTOR, ".find").click()
    value(browser, path).find_element(By.CSS_SELECTOR, "[data-do=edit]").click()
    return focused(browser)


def save(browser: Browser, path: str, shown: str) -> None:
    one(browser, ".edit [type=submit]").click()
    wait(browser, lambda: shown in value(browser, path).text)


def test_choices_and_days_are_picked_and_not_typed(browser: Browser, org: Org) -> None:
    Member.objects.create_user("bob", PASSWORD, org=org)
    inner = {"vat_id": {"enum": ["GB1", "GB2"]}, "name": {"type": "string", "format": "date"}}
    supplier = {"type": "object", "properties": inner}
    schema = {"type": "object", "properties": {"supplier": supplier}}
    job = make_previewed(org, schema=schema)
    browser.log_in("bob")
    show(browser, job)
    picked = Select(edit(browser, "supplier.vat_id"))
    assert [option.text for option in picked.options] == ["Nothing", "GB1", "GB2"]
    picked.select_by_visible_text("GB2")
    save(browser, "supplier.vat_id", "GB2")
    edit(browser, "supplier.name").clear()
    save(browser, "supplier.name", "Nothing")
    day = edit(browser, "supplier.name")
    assert day.get_attribute("type") == "date"
    ask(browser, "arguments[0].value = '2026-03-18'", day)
    save(browser, "supplier.name", "2026-03-18")
    rows = Correction.objects.order_by("pk").values_list("path", "value")
    assert list(rows) == [
        ("supplier.vat_id", "GB2"),
        ("supplier.name", None),
        ("supplier.name", "2026-03-18"),
    ]


def test_a_member_takes_the_link_back(browser: Browser, org: Org, job: Job) -> None:
    Member.objects.create_user("bob", PASSWORD, org=org)
    browser.log_in("bob")
    show(browser, job)
    one(browser, ".menu summary").click()
    browser.press("Stop sharing")
    wait(browser, lambda: "Make a preview link" in browser.text)
    browser.open(f"/preview/{job.preview_token}")
    assert "This preview is not available" in browser.text


def test_the_browser_asks_nobody_else_and_has_nothing_to_complain_about(
    browser: Browser, job: Job
) -> None:
    """Runs last: what the tests above did is in the logs."""
    show(browser, job)
    strangers = [url for url in browser.strangers() if "//dashboard.test:" not in url]
    assert [url for url in strangers if not url.startswith("about:")] == []
    assert [each for each in browser.log("browser") if "Content Security Policy" in each] == []
