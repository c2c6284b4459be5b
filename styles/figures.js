// Opens figures large: by a press on them, or their button. Without it they are as wide as the text.
"use strict";
(() => {
  const row = document.querySelector(".actions");
  const figures = [...document.querySelectorAll("main figure")];
  if (!row || !figures.length || !globalThis.HTMLDialogElement) return;
  const PHONE = 700; // pixels: a narrower window is a phone's
  const STEP = 1.25; // by which + and - make a figure larger or smaller

  const dialog = document.createElement("dialog");
  dialog.className = "large";
  const stage = document.createElement("div");
  stage.className = "stage";
  stage.tabIndex = 0;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", row.dataset.close);
  dialog.append(close, stage);
  document.body.append(dialog);

  let picture = null;
  let place = null; // where the picture stands in the text
  let size = 1;

  // As large as the window; but on a phone as wide as it was drawn, so that its letters can be read.
  const fit = () => {
    const { width, height } = picture.viewBox?.baseVal ?? {
      width: picture.naturalWidth, height: picture.naturalHeight,
    };
    const [wide, high] = [stage.clientWidth - 2, stage.clientHeight - 2];
    const whole = Math.min(wide, width && height ? (high * width) / height : wide);
    const legible = wide < PHONE ? Math.min(width, 2 * PHONE) : 0;
    picture.style.width = `${Math.max(whole, legible) * size}px`;
  };
  const open = (chosen) => {
    picture = chosen;
    size = 1;
    place = document.createElement("div");
    place.style.height = `${chosen.getBoundingClientRect().height}px`;
    chosen.dataset.style = chosen.getAttribute("style") ?? "";
    chosen.replaceWith(place);
    stage.replaceChildren(chosen);
    dialog.setAttribute("aria-label", chosen.getAttribute("aria-label") || chosen.alt || "");
    dialog.showModal();
    fit();
    stage.focus();
  };
  dialog.addEventListener("close", () => {
    picture.setAttribute("style", picture.dataset.style);
    if (!picture.dataset.style) picture.removeAttribute("style");
    delete picture.dataset.style;
    place.replaceWith(picture);
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || !"+=-0".includes(event.key)) return;
    size = event.key === "0" ? 1 : size * (event.key === "-" ? 1 / STEP : STEP);
    fit();
    event.preventDefault();
  });
  addEventListener("resize", () => dialog.open && fit());

  for (const figure of figures) {
    for (const shown of figure.querySelectorAll("svg[role=img], img")) {
      if (shown.closest("a")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "enlarge";
      button.textContent = "⤢";
      const name = shown.getAttribute("aria-label") || shown.alt || "";
      button.setAttribute("aria-label", `${row.dataset.enlarge}: ${name}`.slice(0, 120));
      button.addEventListener("click", () => open(shown));
      shown.addEventListener("click", () => dialog.open || open(shown));
      shown.after(button);
    }
  }
})();
