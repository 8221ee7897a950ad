"""Reads the reports in headless Chromium and says what is wrong with them. Arguments: the folder with report.html
and comparison.html, and where screenshots are to go, if anywhere."""

import json
import pathlib
import shutil
import subprocess
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

PAGES = ["report.html", "comparison.html", "site/index.html", "site/the-fake-2.html", "site/the-fake-1-to-the-fake-2.html"]
room = pathlib.Path(sys.argv[1])
pictures = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else None
report = json.loads((room / "bad.json").read_text())
results = {rule["id"]: rule for rule in report["results"]}


def browser():
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    return driver


def shape(driver, width, theme):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    media = [{"name": "prefers-color-scheme", "value": theme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})


def wait(driver, what, why):
    WebDriverWait(driver, 10).until(what, why)


def displayed(driver, selector):
    return [e for e in driver.find_elements(By.CSS_SELECTOR, selector) if e.is_displayed()]


def quiet(driver, page):
    """No error on the console, and nothing asked for but the pages themselves."""
    errors = [entry for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not errors, f"{page}: {errors}"
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
    asked = {url for url in asked if not url.startswith("data:")}
    ours = {(room / name).as_uri() for name in PAGES}
    assert all(url.split("#")[0] in ours for url in asked), asked


def fits(driver, page, width):
    wide, bodies = driver.execute_script("return [document.documentElement.scrollWidth, document.body.scrollWidth]")
    assert max(wide, bodies) <= width, f"{page} is {wide} wide on a screen of {width}"


CONTRAST = """
const level = (color) => {
  const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const color = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$|transparent/.test(color)) return color;
  }
  return "rgb(255, 255, 255)";
};
const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
const faint = {};
for (const element of document.querySelectorAll("main *")) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !element.checkVisibility()) continue;
  const found = ratio(level(getComputedStyle(element).color), level(ground(element)));
  if (found < 4.5) faint[element.tagName + "." + element.className] = found.toFixed(2);
}
return [level(getComputedStyle(document.body).backgroundColor), faint];
"""


def legible(driver, page, theme):
    """The theme asked for, and every text with the contrast that WCAG's level AA asks for."""
    ground, faint = driver.execute_script(CONTRAST)
    assert (ground > 0.5) == (theme == "light"), f"{page}: the ground is not {theme}"
    assert not faint, f"{page}: too faint: {faint}"


def a_finding(driver):
    """Through the matrix to a finding that one call shows."""
    def single(rule):
        finding = rule["finding"]
        return rule["outcome"] == "failed" and finding and len(finding["reproduce"]["curl"]) == 1

    wanted = next(rule for rule in results.values() if single(rule))
    cell = driver.find_element(
        By.CSS_SELECTOR,
        f'a.cell[data-operation="{wanted["operation"]}"][data-family="{wanted["family"]}"]',
    )
    driver.execute_script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", cell)
    cell.click()
    wait(driver, lambda d: cell.get_attribute("aria-current") == "true", "the cell is not marked")
    ids = [e.text.replace("\n", "") for e in displayed(driver, "details.rule > summary .id")]
    of_cell = {
        rule["id"] for rule in results.values()
        if (rule["operation"], rule["family"]) == (wanted["operation"], wanted["family"])
    }
    assert set(ids) == of_cell and len(ids) == len(of_cell), f"{ids} instead of {of_cell}"
    return wanted


def shown(driver, rule):
    return next(
        e for e in displayed(driver, "details.rule")
        if e.find_element(By.CSS_SELECTOR, "summary .id").text.replace("\n", "") == rule["id"]
    )


def copies(driver, rule):
    """By the page's own button; read back from the clipboard by pasting."""
    finding = shown(driver, rule)
    if not finding.get_attribute("open"):
        finding.find_element(By.TAG_NAME, "summary").click()
    button = finding.find_element(By.CSS_SELECTOR, "button[data-copy$='-curl']")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()
    wait(driver, lambda d: button.text == "Copied", "the button does not say that it copied")
    assert "Copied" in driver.find_element(By.ID, "said").get_attribute("textContent"), "the copy is not announced"
    search = driver.find_element(By.ID, "search")
    search.send_keys(Keys.CONTROL, "v")
    return search.get_attribute("value")


def tabs(driver, rule):
    """Each form of the commands has a tab; a mouse and the arrow keys choose it."""
    finding = shown(driver, rule)
    forms = [tab.get_attribute("data-form") for tab in finding.find_elements(By.CSS_SELECTOR, "[role=tab]")]
    assert forms == ["curl", "aws-cli", "boto3", "rust", "replay"], forms
    by_form = {
        form: finding.find_element(By.CSS_SELECTOR, f".panel[data-form='{form}']") for form in forms
    }
    assert [form for form in forms if by_form[form].is_displayed()] == ["curl"]
    tab = finding.find_element(By.CSS_SELECTOR, "[role=tab][data-form=boto3]")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", tab)
    tab.click()
    assert [form for form in forms if by_form[form].is_displayed()] == ["boto3"]
    assert by_form["boto3"].find_element(By.TAG_NAME, "pre").text == "\n".join(rule["finding"]["reproduce"]["boto3"])
    tab.send_keys(Keys.ARROW_RIGHT)
    assert driver.switch_to.active_element.get_attribute("data-form") == "rust", "the arrow key moves no focus"
    assert [form for form in forms if by_form[form].is_displayed()] == ["rust"]


def site(driver):
    """From the first page to a target and back, and to the differences between its versions."""
    driver.get((room / "site/index.html").as_uri())
    rows = driver.find_elements(By.CSS_SELECTOR, ".matrix tbody tr")
    assert [row.find_element(By.TAG_NAME, "a").text for row in rows] == ["the fake 2"], "the newest version alone"
    rows[0].find_element(By.TAG_NAME, "a").click()
    wait(driver, lambda d: d.current_url.endswith("/the-fake-2.html"), "the table leads to no target")
    driver.find_element(By.LINK_TEXT, "all verdicts").click()
    wait(driver, lambda d: d.current_url.endswith("/index.html"), "the page of a target leads nowhere")
    driver.find_element(By.PARTIAL_LINK_TEXT, "more hold").click()
    wait(driver, lambda d: "-to-" in d.current_url, "the differences have no page")


def answers_alike(command, rule):
    ran = subprocess.run(
        ["bash", "-c", command + " --write-out '\\n%{http_code}'"], capture_output=True, text=True, timeout=30
    )
    assert ran.returncode == 0, ran
    body, status = ran.stdout.rsplit("\n", 1)
    due = rule["finding"]["steps"][-1]["response"]
    assert int(status) == due["status"], f"{ran.stdout} instead of {due}"
    assert json.loads(body).get("__type") == due["body"].get("__type"), f"{body} instead of {due}"


def filters(driver):
    driver.find_element(By.CSS_SELECTOR, "#filter button[type=reset]").click()
    everything = f"{len(results)} rules"
    wait(driver, lambda d: d.find_element(By.ID, "shown").text == everything, "reset does not reset")
    word = next(rule for rule in results.values() if rule["outcome"] == "failed")["id"]
    driver.find_element(By.ID, "search").send_keys(word)
    wait(driver, lambda d: d.find_element(By.ID, "shown").text.startswith("1 of "), "one id finds more than one rule")
    driver.find_element(By.CSS_SELECTOR, "#filter button[type=reset]").click()
    wait(driver, lambda d: d.find_element(By.ID, "shown").text == everything, "reset does not reset")


def by_keys(driver):
    """What a mouse opens, keys open."""
    summary = displayed(driver, "details.cause > summary")[0]
    before = summary.find_element(By.XPATH, "..").get_attribute("open")
    driver.execute_script("arguments[0].focus()", summary)
    summary.send_keys(Keys.ENTER)
    wait(driver, lambda d: summary.find_element(By.XPATH, "..").get_attribute("open") != before, "Enter opens nothing")
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = driver.execute_script(ground)
    driver.find_element(By.ID, "theme").send_keys(Keys.ENTER)
    assert driver.execute_script(ground) != light, "the theme stays"
    driver.find_element(By.ID, "theme").send_keys(Keys.ENTER)
    driver.execute_script("localStorage.clear()")


def pages(driver):
    for page in PAGES:
        for width in [1280, 390]:
            for theme in ["light", "dark"]:
                shape(driver, width, theme)
                driver.get((room / page).as_uri())
                fits(driver, page, width)
                legible(driver, f"{page}, {theme}", theme)
                driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
                fits(driver, f"{page}, opened,", width)
                quiet(driver, page)
                picture(driver, page, width, theme)


def picture(driver, page, width, theme):
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        driver.get((room / page).as_uri())
        driver.execute_script("document.querySelector('details.cause')?.setAttribute('open', '')")
        size = {"width": width, "height": 2000, "deviceScaleFactor": 1, "mobile": width < 500}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        time.sleep(0.2)
        driver.save_screenshot(str(pictures / f"{page.removesuffix('.html').replace('/', '-')}-{width}-{theme}.png"))


driver = browser()
try:
    shape(driver, 1280, "light")
    driver.get((room / "report.html").as_uri())
    rule = a_finding(driver)
    command = copies(driver, rule)
    assert command == rule["finding"]["reproduce"]["curl"][0], command
    answers_alike(command, rule)
    filters(driver)
    tabs(driver, a_finding(driver))
    by_keys(driver)
    quiet(driver, "report.html")
    site(driver)
    quiet(driver, "site/index.html")
    pages(driver)
finally:
    driver.quit()
print(f"browser: {len(PAGES)} pages in 2 widths and 2 themes, from the matrix to a finding, its curl command copied and run")
