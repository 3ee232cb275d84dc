from tests.browser.conftest import sign_in
def test_x(town, page):
    import time
    p = town.enrol(); case=town.file(p); time.sleep(2)
    sign_in(page, "community_officer"); page.goto("/tasks"); page.screenshot(path="/tmp/s_tasks.png")
    page.goto(f"/do/certification.register_at_community?about={p.id}&person={p.id}&case={case}"); page.screenshot(path="/tmp/s_reg.png")
    page.goto("/events/31"); page.screenshot(path="/tmp/s_event.png", full_page=True)
    page.context.clear_cookies()
    sign_in(page, "head"); page.goto("/o/140000000000"); page.screenshot(path="/tmp/s_prov.png", full_page=True)
    page.goto("/o/140100000000?m=M1"); page.screenshot(path="/tmp/s_city.png", full_page=True)
    page.goto("/o/140000000000/figures/M19"); page.screenshot(path="/tmp/s_fig.png", full_page=True)
    page.set_viewport_size({"width":390,"height":844}); page.goto("/o/140000000000"); page.screenshot(path="/tmp/s_mob.png")
