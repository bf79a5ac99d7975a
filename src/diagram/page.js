"use strict";
(() => {
  const root = document.documentElement;
  const stage = document.getElementById("stage");
  const canvas = document.getElementById("canvas");
  const panel = document.getElementById("panel");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const picture = canvas.querySelector("svg");
  const all = (css, from = document) => [...from.querySelectorAll(css)];
  const tables = all(".table", picture);
  const lines = all(".line", picture);
  const revisions = all("#revisions li");
  const size = { width: picture.width.baseVal.value, height: picture.height.baseVal.value };
  root.classList.add("js");

  // Where the picture is: its upper left corner, and how large it is drawn.
  const view = { x: 0, y: 0, scale: 1, fitted: true };
  const show = (fitted = false) => {
    view.fitted = fitted;
    canvas.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  };
  const zoom = (factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) => {
    const scale = Math.min(4, Math.max(0.05, view.scale * factor));
    view.x = x - (x - view.x) * (scale / view.scale);
    view.y = y - (y - view.y) * (scale / view.scale);
    view.scale = scale;
    show();
  };
  const fit = () => {
    const { clientWidth: width, clientHeight: height } = stage;
    view.scale = Math.min(1.25, width / size.width, height / size.height);
    view.x = (width - size.width * view.scale) / 2;
    view.y = (height - size.height * view.scale) / 2;
    show(true);
  };
  const move = (x, y) => {
    view.x += x;
    view.y += y;
    show();
  };

  // Brings elements of the picture into view, larger if they are too small to be read.
  const reveal = (elements) => {
    if (!elements.length) return;
    const boxes = elements.map((it) => it.getBoundingClientRect());
    const frame = stage.getBoundingClientRect();
    const left = Math.min(...boxes.map((it) => it.left)), right = Math.max(...boxes.map((it) => it.right));
    const top = Math.min(...boxes.map((it) => it.top)), bottom = Math.max(...boxes.map((it) => it.bottom));
    const inside = left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
    const room = Math.min((frame.width - 40) / (right - left), (frame.height - 40) / (bottom - top));
    const wanted = Math.min(room, Math.max(1, 0.55 / view.scale));
    if (inside && wanted <= 1.01) return;
    const x = (left + right) / 2 - frame.left, y = (top + bottom) / 2 - frame.top;
    zoom(wanted, x, y);
    move(frame.width / 2 - x, frame.height / 2 - y);
  };

  // When the details open or close, what is looked at stays in the middle, or all of it in view.
  const frame = { width: 0, height: 0 };
  const settle = () => {
    if (view.fitted) fit();
    else move((stage.clientWidth - frame.width) / 2, (stage.clientHeight - frame.height) / 2);
    frame.width = stage.clientWidth;
    frame.height = stage.clientHeight;
  };

  const on = (elements, name, test) => elements.forEach((it) => it.classList.toggle(name, test(it)));
  const open = (id) => {
    all("article", panel).forEach((it) => it.classList.toggle("open", it.id === id));
    panel.classList.toggle("open", Boolean(id));
    settle();
    panel.scrollTop = 0;
  };

  // Marks what belongs to a table or a revision; nothing without either.
  const mark = (kind, number) => {
    const chosen = new Set(), near = new Set();
    let touched = () => false;
    if (kind === "table") {
      const row = tables[number];
      chosen.add(row.dataset.table);
      near.add(row.dataset.table);
      lines.forEach(({ dataset: it }) => {
        if (it.child === row.dataset.table || it.parent === row.dataset.table) near.add(it.child).add(it.parent);
      });
      touched = (it) => it.firstChild.dataset.tables.split(" ").includes(row.dataset.table);
    } else if (kind === "revision") {
      const list = revisions[number].firstChild.dataset.tables;
      list.split(" ").filter(Boolean).forEach((it) => chosen.add(it) && near.add(it));
      touched = (it) => it === revisions[number];
    }
    on(tables, "selected", (it) => chosen.has(it.dataset.table));
    on(tables, "on", (it) => near.has(it.dataset.table));
    on(lines, "on", ({ dataset: it }) =>
      kind === "table" ? chosen.has(it.child) || chosen.has(it.parent) : chosen.has(it.child) && chosen.has(it.parent));
    // What is marked lies above the rest.
    lines.filter((it) => it.classList.contains("on")).forEach((it) => it.parentNode.append(it));
    picture.classList.toggle("marked", near.size > 0);
    on(revisions, "on", (it) => kind === "table" && touched(it));
    on(revisions, "selected", (it) => kind === "revision" && touched(it));
    open(kind ? `p-${kind === "table" ? "t" : "r"}${number}` : null);
    if (kind === "table") {
      reveal([tables[number]]);
      revisions.find(touched)?.scrollIntoView({ block: "nearest" });
    } else if (kind === "revision") {
      reveal(tables.filter((it) => chosen.has(it.dataset.table)));
      revisions[number].scrollIntoView({ block: "nearest" });
    }
  };

  // Searching: every word has to be in the name of the table or of a column.
  let matches = [], next = 0;
  const seek = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (text) => words.some((word) => text.toLowerCase().includes(word));
    matches = tables.filter((table) => {
      const texts = all(".name, .column", table);
      texts.forEach((it) => it.classList.toggle("found", words.length > 0 && holds(it.textContent)));
      const text = texts.map((it) => it.textContent.toLowerCase()).join("\n");
      return words.length > 0 && words.every((word) => text.includes(word));
    });
    next = 0;
    on(tables, "match", (it) => matches.includes(it));
    on(tables, "on", (it) => matches.includes(it));
    on(tables, "selected", () => false);
    on(lines, "on", () => false);
    picture.classList.toggle("marked", words.length > 0);
    found.textContent = words.length ? `${matches.length || "no"} table${matches.length === 1 ? "" : "s"}` : "";
    if (matches.length) reveal(matches);
  };
  search.addEventListener("input", seek);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && matches.length) {
      const table = matches[next++ % matches.length];
      mark("table", tables.indexOf(table));
      on(tables, "match", (it) => matches.includes(it));
    }
  });

  const clear = () => {
    search.value = "";
    seek();
    mark(null);
  };
  const actions = {
    list: () => root.classList.toggle("listed"),
     in: () => zoom(1.25), out: () => zoom(0.8), fit, close: () => mark(null) };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) return actions[button.dataset.do]();
    const link = event.target.closest("a[data-table], a[data-revision]");
    if (!link) return;
    event.preventDefault();
    root.classList.remove("listed");
    if (link.dataset.table !== undefined) mark("table", Number(link.dataset.table));
    else mark("revision", Number(link.dataset.revision));
  });

  // Dragging moves the picture, two fingers zoom; what hardly moves is a click.
  const pointers = new Map();
  let moved = 0;
  const spread = () => {
    const [one, other] = [...pointers.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1) moved = 0;
  });
  stage.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const before = pointers.size === 2 ? spread() : 0;
    const by = { x: event.clientX - last.x, y: event.clientY - last.y };
    moved += Math.abs(by.x) + Math.abs(by.y);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (moved < 5) return;
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("moving");
    if (before) {
      const frame = stage.getBoundingClientRect();
      const [one, other] = [...pointers.values()];
      zoom(spread() / before, (one.x + other.x) / 2 - frame.left, (one.y + other.y) / 2 - frame.top);
    } else {
      move(by.x, by.y);
    }
  });
  const release = (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) stage.classList.remove("moving");
  };
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);
  stage.addEventListener("click", (event) => {
    if (moved >= 5) return;
    const table = event.target.closest(".table");
    const line = event.target.closest(".line");
    if (table) mark("table", tables.indexOf(table));
    else if (line) mark("table", Number(line.dataset.child));
    else mark(null);
  });
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const frame = stage.getBoundingClientRect();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoom(Math.exp(-event.deltaY * lines * 0.0015), event.clientX - frame.left, event.clientY - frame.top);
  }, { passive: false });

  // Everything can be reached with keys.
  tables.forEach((table, at) => {
    table.setAttribute("tabindex", "0");
    table.setAttribute("role", "button");
    table.setAttribute("aria-label", table.querySelector("title").textContent);
    table.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      mark("table", at);
    });
    table.addEventListener("focus", () => {
      stage.scrollTo(0, 0);
      if (table.matches(":focus-visible")) reveal([table]);
    });
  });
  picture.setAttribute("role", "group");
  stage.addEventListener("scroll", () => stage.scrollTo(0, 0));
  const arrows = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return clear();
    if (event.target === search) return;
    if (event.key === "/") {
      event.preventDefault();
      search.focus();
    } else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else if (arrows[event.key] && stage.contains(event.target)) {
      event.preventDefault();
      move(...arrows[event.key]);
    }
  });

  new ResizeObserver(settle).observe(stage);
  fit();
})();
