"""Work that is not lost: the back button undoes; a reload asks first, or keeps the files of the command line."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, free_port, serving, settle
from tests.browser.test_dashboard import choose_state, go, kpi
from tests.browser.test_own_data import FILE, drop_own


def more_segments(page: Page) -> None:
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")


def test_the_back_button_undoes_step_by_step_across_pages(open_page: Open) -> None:
    page = open_page()
    everybody = kpi(page, "Total customers")
    more_segments(page)
    expect(page).to_have_url(re.compile("k=6.*step=1"))
    choose_state(page, "TAS")
    expect(page).to_have_url(re.compile("state=TAS.*step=2"))
    settle(page)
    tasmania = kpi(page, "Total customers")
    go(page, "Segment demographics")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Segment overview")
    page.go_back()
    expect(page).to_have_url(re.compile("k=6&step=1$"))
    settle(page)
    assert kpi(page, "Total customers") == everybody != tasmania
    page.go_back()
    expect(page).not_to_have_url(re.compile("k=6|step"))
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.go_forward()
    page.go_forward()
    expect(page.get_by_role("button", name="State: TAS")).to_be_visible()
    settle(page)
    assert kpi(page, "Total customers") == tasmania


def test_one_press_of_the_back_button_undoes_a_click_and_an_undo(open_page: Open) -> None:
    page = open_page()
    page.get_by_label(re.compile("^Segment 1 .*customers$")).first.click()
    chip = page.get_by_test_id("stMain").get_by_role("button", name=re.compile("^Segment: 1"))
    expect(chip).to_be_visible()
    settle(page)
    page.go_back()
    expect(chip).to_have_count(0)
    page.go_forward()
    expect(chip).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Undo").click()
    expect(chip).to_have_count(0)
    settle(page)
    page.go_back()
    expect(chip).to_be_visible()


def test_a_reload_asks_first_only_while_it_would_lose_files(open_page: Open) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    more_segments(page)
    expect(page).to_have_url(re.compile("k=6"))
    settle(page)
    page.reload()
    settle(page)
    assert asked == []
    drop_own(page)
    more_segments(page)
    expect(page).to_have_url(re.compile("k=7"))
    settle(page)
    page.reload()
    expect(page.get_by_text("If you saved a project, open it")).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_reload_keeps_the_files_of_the_command_line_and_what_was_set(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / FILE["name"]).write_bytes(FILE["buffer"])
    arguments = ["--project", str(tmp_path / "p.json"), "--data", str(tmp_path / "own.csv")]
    with serving(free_port(), arguments=arguments) as address:
        page = open_page("choose_k", address=address)  # the former name of a page, as the first request
        expect(page.locator("h1")).to_have_text("Number of segments")
        expect(page.get_by_test_id("stSidebarUserContent").get_by_test_id("stSlider").first).to_be_visible()
        go(page, "Segment overview")
        assert kpi(page, "Total customers") == "200"
        more_segments(page)
        choose_state(page, "TAS")
        expect(page).to_have_url(re.compile("k=6.*state=TAS"))
        settle(page)
        page.get_by_text("Project", exact=True).click()
        page.get_by_role("button", name="Save project").click()
        expect(page.get_by_text(f"Saved to {tmp_path / 'p.json'}")).to_be_visible()
        page.reload()
        settle(page)
        assert kpi(page, "Total customers") == "150"
        expect(page).to_have_url(re.compile("k=6"))
        page.goto(address)  # on another day, without what the address had
        expect(page).to_have_url(re.compile("k=6"))
        settle(page)
        assert kpi(page, "Total customers") == "150"
        page.reload()
        settle(page)
        assert kpi(page, "Total customers") == "150"
        page.goto("about:blank")
