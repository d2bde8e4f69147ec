"use strict";
/* Makes quicker what works without it: suggestions, the histogram, jumps between matches, dropped files. */
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const $ = (selector, within = document) => within.querySelector(selector);
  const say = (text) => { $("#said").textContent = text; };
  const number = (value) => value.toLocaleString(root.lang === "vi" ? "de-DE" : "en-US");

  // A combobox as the ARIA Authoring Practices have it: a list that the arrows go through while the box keeps focus.
  const box = $("#q");
  if (box) {
    const frame = box.parentElement;
    const words = frame.dataset;
    const list = document.createElement("ul");
    Object.assign(list, { id: "suggestions", className: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.label);
    frame.append(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list",
    })) box.setAttribute(name, value);
    let shown = [], at = -1, typed = box.value, timer = 0, asking = null;

    const close = () => {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      at = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const mark = (place) => {
      at = place;
      [...list.children].forEach((item, one) => item.setAttribute("aria-selected", String(one === at)));
      if (at < 0) {
        box.value = typed;
        box.removeAttribute("aria-activedescendant");
        return;
      }
      box.value = shown[at].kind === "title" ? typed : shown[at].text;
      box.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };
    const take = (place) => {
      const one = shown[place];
      close();
      if (one.kind === "title") {
        location.href = "/article/" + encodeURIComponent(one.value);
        return;
      }
      box.value = typed = one.text;
      box.form.requestSubmit();
    };
    const show = (found) => {
      shown = found;
      at = -1;
      list.replaceChildren(...found.map((one, place) => {
        const item = document.createElement("li");
        const text = document.createElement("span");
        const kind = document.createElement("small");
        item.id = "suggestion-" + place;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        text.textContent = one.text;
        kind.textContent = words[one.kind] + (one.kind === "title" ? "" : " · " + number(one.count));
        item.append(text, kind);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(place); });
        return item;
      }));
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(Boolean(found.length)));
      say(found.length ? words.count.replace("{count}", found.length) : words.none);
    };
    const ask = async () => {
      asking?.abort();
      asking = new AbortController();
      try {
        const answer = await fetch("/suggest.json?q=" + encodeURIComponent(typed), { signal: asking.signal });
        if (answer.ok && document.activeElement === box) show((await answer.json()).suggestions);
      } catch { /* what was typed since is asked instead */ }
    };
    box.addEventListener("input", () => {
      typed = box.value;
      clearTimeout(timer);
      if (typed.trim()) timer = setTimeout(ask, 90);
      else close();
    });
    box.addEventListener("keydown", (event) => {
      const open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) {
          typed = box.value;
          if (typed.trim()) ask();
          return;
        }
        const step = event.key === "ArrowDown" ? 1 : -1;
        const places = shown.length + 1;
        mark(((at + 1 + step + places) % places) - 1);
      } else if (event.key === "Enter" && open && at >= 0) {
        event.preventDefault();
        take(at);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        box.value = typed;
        close();
      }
    });
    box.addEventListener("blur", close);
    box.form.addEventListener("submit", close);
    box.form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("[data-fill]");
      if (link) box.value = typed = new URLSearchParams(link.search).get("q") ?? "";
    });
  }

  // The histogram: a click chooses a month, a drag some of them.
  const histogram = (frame) => {
    const svg = $("svg", frame), drawn = $(".drawn", frame), tip = $(".tip", frame);
    const counts = frame.dataset.counts.split(" ").map(Number);
    const yearly = frame.dataset.unit === "year";
    const [year, month] = frame.dataset.first.split("-").map(Number);
    let start = null;
    const place = (event) => {
      const edges = svg.getBoundingClientRect();
      const share = (event.clientX - edges.left) / edges.width;
      return Math.min(Math.max(Math.floor(share * counts.length), 0), counts.length - 1);
    };
    const period = (at) => yearly ? [year + at, 1] : [year + Math.floor((month - 1 + at) / 12), (month - 1 + at) % 12 + 1];
    const name = (at) => { const [y, m] = period(at); return yearly ? String(y) : String(m).padStart(2, "0") + "/" + y; };
    const day = (d, [y, m]) => String(d).padStart(2, "0") + "/" + String(m).padStart(2, "0") + "/" + String(y).padStart(4, "0");
    const last = ([y, m]) => yearly ? day(31, [y, 12]) : day(new Date(Date.UTC(y, m, 0)).getUTCDate(), [y, m]);
    const draw = (event) => {
      const here = place(event), from = Math.min(start ?? here, here), to = Math.max(start ?? here, here);
      drawn.setAttribute("x", from);
      drawn.setAttribute("width", to - from + 1);
      const sum = counts.slice(from, to + 1).reduce((whole, one) => whole + one, 0);
      const names = from === to ? name(from) : name(from) + " – " + name(to);
      tip.textContent = names + ": " + frame.dataset.articles.replace("{total}", number(sum));
      tip.hidden = false;
      const edges = frame.getBoundingClientRect();
      tip.style.left = Math.max(0, Math.min(event.clientX - edges.left, edges.width - tip.offsetWidth)) + "px";
      return [from, to];
    };
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      start = place(event);
      svg.setPointerCapture(event.pointerId);
      draw(event);
    });
    svg.addEventListener("pointermove", draw);
    svg.addEventListener("pointerleave", () => { if (start === null) { tip.hidden = true; drawn.setAttribute("width", 0); } });
    svg.addEventListener("pointercancel", () => { start = null; tip.hidden = true; drawn.setAttribute("width", 0); });
    svg.addEventListener("pointerup", (event) => {
      if (start === null) return;
      const [from, to] = draw(event);
      start = null;
      const address = frame.dataset.address
        .replace("SINCE", encodeURIComponent(day(1, period(from)))).replace("UNTIL", encodeURIComponent(last(period(to))));
      go(location.pathname + address);
    });
  };
  const go = (address) => {
    const link = document.createElement("a");
    link.href = address;
    link.hidden = true;
    $("#found").append(link);
    window.htmx?.process(link);
    link.click();
  };

  // Jumps from match to match, with buttons and with n and p.
  const marks = $(".marks");
  if (marks) {
    const all = [...document.querySelectorAll(".text mark")];
    let now = -1;
    const step = (by) => {
      all[now]?.classList.remove("now");
      now = (now + by + all.length) % all.length;
      if (now < 0) now = all.length - 1;
      all[now].classList.add("now");
      all[now].scrollIntoView({ block: "center" });
      say(`${now + 1} / ${all.length}`);
    };
    for (const button of marks.querySelectorAll("button")) {
      button.hidden = false;
      button.addEventListener("click", () => step(Number(button.dataset.step)));
    }
    document.addEventListener("keydown", (event) => {
      if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "n" || event.key === "p") step(event.key === "n" ? 1 : -1);
    });
  }

  const language = $(".language");
  language.addEventListener("submit", () => { language.back.value = location.pathname + location.search; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && box && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText($(button.dataset.copy).textContent);
      button.textContent = button.dataset.done;
      say(button.dataset.done);
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  // Back to the very results, scrolled as they were, where the browser has them.
  for (const link of document.querySelectorAll("[data-back]")) {
    link.addEventListener("click", (event) => {
      const before = window.navigation?.entries()[navigation.currentEntry.index - 1];
      if (before && new URL(before.url).pathname === "/") {
        event.preventDefault();
        history.back();
      }
    });
  }

  const drop = $(".drop");
  if (drop) {
    const files = $("input[type=file]", drop), progress = $(".progress");
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
    }
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      files.files = event.dataTransfer.files;
      drop.requestSubmit();
    });
    if (location.hash === "#upload") {
      const events = new EventSource("/index/progress");
      const tell = (event, text) => {
        const run = JSON.parse(event.data);
        progress.hidden = false;
        $("progress", progress).value = run.total ? 100 * Math.min(run.bytes / run.total, 1) : 0;
        $("output", progress).textContent = run.problem || text.replace("{count}", number(run.articles));
      };
      events.addEventListener("progress", (event) => tell(event, progress.dataset.reading));
      events.addEventListener("done", (event) => {
        events.close();
        if (JSON.parse(event.data).total) tell(event, progress.dataset.done);
      });
    }
  }

  const ready = new WeakSet();
  const prepare = () => {
    for (const frame of document.querySelectorAll(".histogram")) {
      if (!ready.has(frame)) histogram(frame);
      ready.add(frame);
    }
  };
  prepare();
  document.addEventListener("htmx:afterSwap", (event) => {
    prepare();
    if (event.detail.target?.id === "found") say($("#found").dataset.said);
  });
})();
