"""axe-core, which judges how accessible a page is. Its script is that of a PyPI package, installed
by the Makefile, and evaluated in the page: a script tag would be against the page's own policy."""

import importlib.util
import pathlib


def _script():
    package = importlib.util.find_spec("axe_playwright_python")
    assert package, "axe-core is missing: make browser-test installs it"
    return (pathlib.Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(browser):
    """What it finds wrong, a line each: rule, element and why."""
    browser.run(_script())
    return browser.driver.execute_async_script("""
        const done = arguments[0];
        axe.run().then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`))));""")
