"""The walk that takes the guide's pictures: who looks at which screen, what he does there, and which part of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page, expect

MOST_BYTES = 60_000
PADDING = 10
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }"
Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    login: str
    path: str  # "step:8" is the person's task at that signed step
    part: str = "#contenido"  # a selector; of several, what lies around all of them
    height: int = 760  # at most
    act: Act | None = None
    width: int = 1240  # of the window
    window: int = 2400  # its height: so high that sticky bars stand where they belong


def _palette(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox").last.press_sequentially("maria")
    expect(page.locator("#tk-palette [role=option]").nth(1)).to_be_visible()
    page.wait_for_load_state("networkidle")


def _keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#tk-keys")).to_be_visible()


def _start_queue(page: Page) -> None:
    page.keyboard.press("e")
    expect(page.locator("#deposit-title")).to_be_visible()
    page.wait_for_load_state("networkidle")


def _day_before(page: Page) -> None:
    page.get_by_role("link", name="Día anterior").click()
    page.wait_for_load_state("networkidle")


def _first_report(page: Page) -> None:
    page.locator("table a").first.click()
    page.wait_for_load_state("networkidle")


def _letter(page: Page) -> None:
    page.get_by_role("link", name="Emitir y enviar la Carta Comercial").click()
    form = page.locator("#tk-ask form")
    form.get_by_role("checkbox").first.check()
    form.get_by_role("radio", name="Enlace").first.check()
    form.locator("[type=submit]").click()
    expect(page.get_by_text("con precios hasta el")).to_be_visible()


SHOTS = (
    Shot("mi-trabajo", "ejecutivo1", "/", height=660, width=1440),
    Shot("caso", "ejecutivo1", "step:4", height=700),
    Shot("buscar", "ejecutivo1", "/", "#tk-palette", 300, act=_palette),
    Shot("teclas", "ejecutivo1", "/", "#tk-keys", act=_keys),
    Shot("ausencia", "ejecutivo3", "/perfil/", ".tk-panel:has([name=from_on])"),
    Shot("prospectos", "ejecutivo1", "/ventas/prospectos/", height=640, width=1440),
    Shot("paso-1", "ejecutivo1", "step:1", height=700),
    Shot("paso-5", "ejecutivo1", "step:5", "section:has(> .tk-step-head)", 900),
    Shot("paso-8", "ejecutivo1", "step:8", "section:has(> .tk-step-head)", 760, act=_letter),
    Shot("paso-11", "ejecutivo1", "step:11", "section:has(> .tk-step-head)", 760),
    Shot("paso-22", "ejecutivo1", "step:22", "section:has(> .tk-step-head)", 700),
    Shot("paso-7", "helpdesk1", "step:7", "section:has(> .tk-step-head)", 860),
    Shot(
        "validar", "cobranzas1", "/ventas/depositos/validar/", "#queue", 820, act=_start_queue, width=1440, window=840
    ),
    Shot("cierre", "cobranzas1", "/ventas/depositos/cierre/", height=620, act=_day_before),
    Shot("caja", "cajero1", "/ventas/caja/", height=620),
    Shot("control-recurrente", "facturacion1", "/ventas/control-recurrente/", height=640),
    Shot("equipo", "canales1", "/equipo/", height=580, width=1440),
    Shot("no-atendidas", "canales1", "/ventas/no-atendidas/grafico/?estado=todas", height=720),
    Shot("paso-19", "canales1", "step:19", "section:has(> .tk-step-head)", 620),
    Shot("seguimiento", "ventas1", "/ventas/seguimiento/", height=560),
    Shot("informe-ti", "ventas1", "/importaciones/nueva/ti-orders/", height=620),
    Shot("informe", "ventas1", "/ventas/informes/", height=820, act=_first_report),
    Shot("tablero", "jefeventas1", "/tablero/", height=700),
    Shot("metas", "jefeventas1", "/ventas/metas/", height=520),
    Shot("procedimiento", "procesos1", "/procedimientos/sales/", height=640),
    Shot("mapa-de-calor", "procesos1", "/procedimientos/sales/calor/?dias=90", height=720),
    Shot("politicas", "procesos1", "/politicas/", height=620),
    Shot("administracion", "admin1", "/administracion/"),
    Shot("calendario", "admin1", "/administracion/calendario/", height=720),
    Shot("textos", "admin1", "/administracion/textos/sales.mail.commercial_letter/", height=760),
)


def take(page: Page, shot: Shot) -> bytes:
    """Go there, do it, and return the part of the screen as a PNG."""
    page.goto("/" if shot.path.startswith("step:") else shot.path)
    if shot.path.startswith("step:"):
        _open_task(page, shot.path.removeprefix("step:"))
    page.wait_for_load_state("networkidle")
    if shot.act:
        shot.act(page)
    page.add_style_tag(content=STILL)
    page.evaluate("document.fonts.ready")
    return _crop(page, shot)


def _open_task(page: Page, step: str) -> None:
    number = page.locator(".tk-step").get_by_text(step, exact=True)
    page.locator("tr").filter(has=number).get_by_role("link").first.click()
    button = page.get_by_role("button", name="Tomar", exact=True)
    expect(page.locator("form[data-draft-url]").or_(button).first).to_be_visible()
    if button.is_visible():
        button.click()
    expect(page.locator("form[data-draft-url]")).to_be_visible()


def _crop(page: Page, shot: Shot) -> bytes:
    """The part as a PNG."""
    part = page.locator(shot.part).first
    expect(part).to_be_visible()
    page.set_viewport_size({"width": shot.width, "height": shot.window})
    page.wait_for_load_state("networkidle")
    box = part.bounding_box()
    assert box is not None
    air = 0 if shot.part == "#contenido" else PADDING  # the content has its own
    clip = {
        "x": max(box["x"] - air, 0),
        "y": max(box["y"] - air, 0),
        "width": min(box["width"] + 2 * air, shot.width),
        "height": min(box["height"] + 2 * air, shot.height),
    }
    taken = page.screenshot(clip=clip)  # type: ignore[arg-type]  # a FloatRect is such a dictionary
    page.set_viewport_size({"width": 1240, "height": 900})
    return taken


def compressed(png: bytes) -> bytes:
    """As WebP, as small as it must be: without loss if that is small enough."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for options in ({"lossless": True, "quality": 100}, *({"quality": each} for each in (90, 80, 70, 55, 40))):
        kept = BytesIO()
        picture.save(kept, "WEBP", method=6, **options)
        if kept.tell() <= MOST_BYTES:
            break
    return kept.getvalue()
