"""What the sweep of pages leans on: the checker finds a fault where one is."""

from tests.axe import violations


def test_an_input_without_a_label_is_found(page):
    page.set_content("<html lang=en><title>t</title><main><h1>h</h1><input></main></html>")
    assert any(fault.startswith("label: ") for fault in violations(page))
