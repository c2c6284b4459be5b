// Shows notes beside the text where there is room, and else in place, below what calls them.
// Without it the marks lead to the notes at the end.
"use strict";
(() => {
  const main = document.querySelector("main");
  const marks = [...(main?.querySelectorAll("a[role=doc-noteref]") ?? [])];
  if (!marks.length) return;
  const noteOf = (mark) => document.getElementById(decodeURIComponent(mark.hash.slice(1)));

  const copyOf = (mark) => {
    const copy = noteOf(mark).cloneNode(true);
    copy.querySelectorAll(".backlink").forEach((element) => element.remove());
    copy.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    return [...copy.childNodes];
  };

  // --- Beside the text: a copy for the eye alone, since the notes at the end are read aloud --------

  const margin = document.createElement("div");
  margin.className = "margin";
  margin.setAttribute("aria-hidden", "true");
  const GAP = 12; // pixels between two notes
  const LEAST = 7; // lines of a note that are shown, however near the next one is
  const room = matchMedia("(min-width: 80rem)");
  const beside = new Map();

  const fill = () => {
    for (const mark of marks) {
      const note = document.createElement("div");
      const number = document.createElement("span");
      number.className = "number";
      number.textContent = mark.textContent;
      note.append(number, " ", ...copyOf(mark));
      note.querySelectorAll("a").forEach((link) => (link.tabIndex = -1));
      beside.set(mark, note);
      margin.append(note);
    }
    main.after(margin);
  };

  const place = () => {
    const head = margin.getBoundingClientRect().top;
    const tops = marks.map((mark) => mark.getBoundingClientRect().top - head);
    const line = parseFloat(getComputedStyle(margin).lineHeight);
    let free = 0;
    marks.forEach((mark, n) => {
      const note = beside.get(mark);
      const top = Math.max(free, tops[n] - 4);
      const next = tops[n + 1] ?? Infinity;
      const most = Math.max(LEAST * line, next - top - GAP);
      note.style.top = `${top}px`;
      note.style.maxHeight = `${most}px`;
      free = top + Math.min(note.scrollHeight, most) + GAP;
      note.classList.toggle("cut", note.scrollHeight > most + 1);
    });
    margin.style.minHeight = `${free}px`;
  };

  let asked = 0;
  const ask = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      const wide = room.matches;
      document.body.classList.toggle("margins", wide);
      if (wide && !beside.size) fill();
      if (wide) place();
      if (wide) marks.forEach(hide);
    });
  };
  const light = (event) => {
    const mark = event.target.closest?.("a[role=doc-noteref]");
    for (const [other, note] of beside) note.classList.toggle("lit", other === mark);
  };
  document.addEventListener("pointerover", light);
  document.addEventListener("focusin", light);

  // --- In place -----------------------------------------------------------------------------------

  const HOLDS = "li, td, th, dd, dt, caption, figcaption"; // what a note goes into, at its end
  const BLOCK = `p, h1, h2, h3, h4, h5, h6, pre, ${HOLDS}`;
  const shown = new Map();

  const hide = (mark) => {
    shown.get(mark)?.remove();
    shown.delete(mark);
    mark.removeAttribute("aria-expanded");
  };
  const show = (mark) => {
    const note = document.createElement("div");
    note.className = "note-here";
    note.setAttribute("role", "note");
    note.append(...copyOf(mark));
    const block = mark.closest(BLOCK) ?? mark;
    if (block.matches(HOLDS)) block.append(note);
    else block.after(note);
    shown.set(mark, note);
    mark.setAttribute("aria-expanded", "true");
    note.scrollIntoView({ block: "nearest" });
  };
  main.addEventListener("click", (event) => {
    const mark = event.target.closest("a[role=doc-noteref]");
    if (!mark || room.matches || !noteOf(mark)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (shown.has(mark)) hide(mark);
    else show(mark);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const last = [...shown.keys()].at(-1);
    if (last) hide(last);
  });

  addEventListener("resize", ask);
  addEventListener("load", ask);
  new ResizeObserver(ask).observe(main);
  ask();
})();
