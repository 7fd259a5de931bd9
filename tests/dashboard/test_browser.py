"""The dashboard in a real browser, against the web process as ``serve`` starts it."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from ocrwell import env
from ocrwell.management.commands import serve
from tests.api.conftest import free_port, manage, wait_for
from tests.stage import environment

pytestmark = pytest.mark.browser

ARRIVED = "return !window.pressed && document.readyState === 'complete'"
PASSWORD = "open sesame please"
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,800",
    # Not loopback for the browser, so that it takes away what it keeps for secure pages.
    "--host-resolver-rules=MAP dashboard.test 127.0.0.1",
)


@dataclass(frozen=True)
class Browser:
    driver: Chrome
    origin: str

    def open(self, path: str) -> None:
        self.driver.get(self.origin + path)

    @property
    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.driver.find_element(By.NAME, name).send_keys(value)

    def press(self, label: str) -> None:
        """Click the button or the link of this label, and wait for the page behind it."""
        self.driver.execute_script("window.pressed = true")
        way = f"//*[self::a or self::button][.='{label}'] | //input[@value='{label}']"
        self.driver.find_element(By.XPATH, way).click()
        self.arrive()

    def arrive(self) -> None:
        # Between two pages the driver may refuse to answer at all.
        wait = WebDriverWait(self.driver, 30, ignored_exceptions=[WebDriverException])
        wait.until(lambda driver: driver.execute_script(ARRIVED))

    def create(self, model: str, button: str, **fields: str) -> None:
        self.open(f"/admin/accounts/{model}/add/")
        self.fill(**fields)
        self.press(button)

    @property
    def secret(self) -> str:
        return self.driver.find_element(By.ID, "secret").text

    def copied(self) -> str:
        """What the button puts into the clipboard, pasted into a field."""
        button = self.driver.find_element(By.CSS_SELECTOR, "[data-copy]")
        button.click()
        WebDriverWait(self.driver, 30).until(lambda _: button.text == "Copied")
        self.driver.execute_script("document.body.append(document.createElement('textarea'))")
        field = self.driver.find_element(By.TAG_NAME, "textarea")
        field.send_keys(Keys.CONTROL, "v")
        return str(field.get_property("value"))

    def log_out(self) -> None:
        self.open("/healthz")
        self.driver.delete_all_cookies()

    def log_in(self, username: str, path: str = "/admin/") -> None:
        """By the way of the page that the person wanted to see."""
        self.log_out()
        self.open(path)
        self.fill(username=username, password=PASSWORD)
        self.press("Log in")

    def enter(self, *keys: str) -> None:
        """Type into whatever has the focus, press Enter, and wait for the page behind it."""
        self.driver.execute_script("window.pressed = true")
        self.driver.switch_to.active_element.send_keys(*keys, Keys.ENTER)
        self.arrive()

    def tab_to(self, label: str) -> None:
        for _ in range(40):
            focused = self.driver.switch_to.active_element
            if focused.tag_name == "button" and focused.text == label:
                return
            focused.send_keys(Keys.TAB)
        raise AssertionError(f"the keyboard does not reach {label}")

    def log(self, kind: str) -> list[str]:
        driver: Any = self.driver
        return [each["message"] for each in driver.get_log(kind)]

    def strangers(self) -> set[str]:
        """Whoever was asked for anything, beside the server itself."""
        events = [json.loads(message)["message"] for message in self.log("performance")]
        requests = [each for each in events if each["method"] == "Network.requestWillBeSent"]
        asked = [each["params"]["request"]["url"] for each in requests]
        assert asked
        return {url for url in asked if not url.startswith((f"{self.origin}/", "data:"))}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh installation with an operator."""
    home = tmp_path_factory.mktemp("web")
    operator = "createsuperuser --noinput --username olivia"
    manage(home, "migrate", operator, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    port = free_port()
    with override_settings(HOST="127.0.0.1", PORT=port):
        web = serve.parts()[0]
    process = subprocess.Popen([sys.executable, *web.arguments], env=environment(home))
    try:
        wait_for(port)
        yield f"http://dashboard.test:{port}"
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def browser(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    driver_path = shutil.which("chromedriver")
    if driver_path is None:
        assert not env.text("CI"), "chromedriver is missing: make services installs it"
        pytest.skip("there is no chromedriver here; make services installs one")
    options = ChromeOptions()
    for argument in QUIET:
        options.add_argument(argument)
    options.page_load_strategy = "eager"
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with Chrome(options, ChromeService(driver_path)) as driver:
        yield Browser(driver, origin)


def post(origin: str, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    line = http.client.HTTPConnection("127.0.0.1", urlsplit(origin).port, timeout=60)
    with contextlib.closing(line):
        line.request("POST", path, json.dumps(body), headers)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())


def call(origin: str, key: str) -> int:
    status, _ = post(origin, "/v1/uploads", {"filename": "a.pdf"}, **{"X-API-Key": key})
    return status


def ask(origin: str, agent_name: str) -> Any:
    """What a program is told that wants a key."""
    return post(origin, "/deepread/v1/agent/device/code", {"agent_name": agent_name})[1]


def poll(origin: str, asked: Any) -> Any:
    body = {"device_code": asked["device_code"]}
    return post(origin, "/deepread/v1/agent/device/token", body)[1]


def test_an_operator_makes_an_organisation_and_a_key_and_revokes_it(browser: Browser) -> None:
    browser.log_in("olivia")
    browser.create("org", "Save", name="Alice & Co")
    browser.press("Alice & Co")
    browser.press("New API key")
    browser.fill(name="laptop of Alice")
    browser.press("Create key")
    key = browser.secret
    assert call(browser.origin, key) == 200
    assert browser.copied() == key

    browser.driver.back()
    browser.driver.forward()
    assert key not in browser.driver.page_source
    browser.open("/admin/accounts/apikey/")
    browser.press("laptop of Alice")
    assert key not in browser.driver.page_source

    browser.press("Revoke this key")
    assert call(browser.origin, key) == 200
    browser.press("Revoke")
    assert "1 key is revoked." in browser.text
    assert call(browser.origin, key) == 401


def test_another_organisations_admin_sees_nothing_of_it(browser: Browser) -> None:
    browser.log_in("olivia")
    browser.create("org", "Save", name="Charlie Inc")
    browser.press("Charlie Inc")
    browser.press("New member")
    browser.fill(username="charlie", password1=PASSWORD, password2=PASSWORD)
    Select(browser.driver.find_element(By.NAME, "role")).select_by_visible_text("Admin")
    browser.press("Save")

    browser.log_in("charlie")
    assert "admin of Charlie Inc" in browser.text
    for page in ("accounts/org", "accounts/member", "accounts/apikey", "jobs/job"):
        browser.open(f"/admin/{page}/")
        assert "Alice" not in browser.driver.page_source
        assert "olivia" not in browser.driver.page_source
    browser.create("apikey", "Create key", name="mine")
    assert call(browser.origin, browser.secret) == 200


@pytest.fixture
def bob(browser: Browser) -> str:
    """A member of an organisation of his own."""
    browser.log_in("olivia")
    browser.open("/admin/accounts/member/?q=bob")
    if "0 members" in browser.text:
        browser.create("org", "Save", name="Bob Ltd")
        browser.press("Bob Ltd")
        browser.press("New member")
        browser.fill(username="bob", password1=PASSWORD, password2=PASSWORD)
        browser.press("Save")
    return "bob"


def test_a_person_lets_a_program_in_and_it_gets_its_key(browser: Browser, bob: str) -> None:
    asked = ask(browser.origin, "Claude <b>Code</b>")
    complete = urlsplit(asked["verification_uri_complete"])
    browser.log_in(bob, f"{complete.path}?{complete.query}")
    for fact in ("Claude <b>Code</b> asks for an API key for Bob Ltd", asked["user_code"]):
        assert fact in browser.text
    assert poll(browser.origin, asked)["error"] == "authorization_pending"
    browser.press("Approve")
    assert browser.driver.current_url == f"{browser.origin}/admin/"
    assert "Claude <b>Code</b> gets an API key for Bob Ltd" in browser.text
    found = poll(browser.origin, asked)
    assert call(browser.origin, found["api_key"]) == 200
    assert poll(browser.origin, asked)["api_key"] is None
    browser.open("/admin/accounts/apikey/")
    assert "Claude <b>Code</b>" in browser.text
    assert found["key_prefix"] in browser.text
    assert found["api_key"] not in browser.driver.page_source


def test_a_program_is_turned_away_with_the_keyboard_alone(browser: Browser, bob: str) -> None:
    asked = ask(browser.origin, "stranger")
    browser.log_in(bob, "/activate")
    browser.enter("wrongone")
    assert "No program waits with this code" in browser.text
    assert browser.driver.switch_to.active_element.get_attribute("name") == "code"
    browser.enter(Keys.CONTROL + "a" + Keys.NULL, asked["user_code"].replace("-", "").lower())
    assert "stranger asks for an API key" in browser.text
    browser.tab_to("Deny")
    browser.enter()
    assert "You denied stranger: it gets no key." in browser.text
    assert poll(browser.origin, asked)["error"] == "access_denied"


def test_the_page_for_programs_fits_a_small_phone(browser: Browser, bob: str) -> None:
    asked = ask(browser.origin, "W" * 100)
    browser.log_in(bob)
    screen = {"width": 375, "height": 667, "deviceScaleFactor": 1, "mobile": True}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    for path in ("/activate", "/activate?code=BBBB", f"/activate?code={asked['user_code']}"):
        browser.open(path)
        for what in ("documentElement.scrollWidth", "querySelector('main').offsetWidth"):
            assert browser.driver.execute_script(f"return document.{what}") == 375, path
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_pages_fit_a_phone(browser: Browser) -> None:
    browser.log_in("olivia")
    screen = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    lists = ("org", "member", "plan", "pageusage")
    pages = ["", "jobs/job/", "accounts/apikey/add/", *(f"accounts/{name}/" for name in lists)]
    for page in pages:
        browser.open(f"/admin/{page}")
        wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide == 390, page
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_browser_asks_nobody_else_and_has_nothing_to_complain_about(browser: Browser) -> None:
    """Runs last: what the tests above did is in the logs."""
    assert browser.strangers() == set()
    refused = [each for each in browser.log("browser") if "Content Security Policy" in each]
    assert refused == []
