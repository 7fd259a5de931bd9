// The preview of a document: shows where each value was found, and takes corrections of it.

const DOUBTFUL = 0.8;
const LEGIBLE = 22;
const DAY = /^\d{4}-\d\d-\d\d$/;
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
const SAID = "Sorry, that did not work. Load the page again and try once more.";

const preview = document.getElementById("preview");
const pages = document.getElementById("pages");
const tip = document.getElementById("tip");
const sheets = [...pages.querySelectorAll(".page")];
const papers = new Map();
const still = matchMedia("(prefers-reduced-motion: reduce)");
const base = location.pathname;

const behavior = () => (still.matches ? "auto" : "smooth");
const values = (selector = "") => [...document.querySelectorAll(`.value${selector}`)];
const sheet = (number) => sheets.find((each) => each.dataset.number === String(number));

function element(tag, className, parts = {}) {
    const made = Object.assign(document.createElement(tag), parts);
    made.className = className;
    return made;
}

// Pages: each is loaded when it comes near the window, and its words are dropped when it has gone.

function place(node, [x0, y0, x1, y1], { width, height }) {
    node.style.left = `${(100 * x0) / width}%`;
    node.style.top = `${(100 * y0) / height}%`;
    node.style.width = `${(100 * (x1 - x0)) / width}%`;
    node.style.height = `${(100 * (y1 - y0)) / height}%`;
}

function word([text, x0, y0, x1, y1, sure], size) {
    const percent = `${Math.floor(100 * sure)} % sure`;
    const made = element("button", sure < DOUBTFUL ? "word doubt" : "word", {
        type: "button",
        tabIndex: -1,
    });
    made.setAttribute("aria-label", `${text}, ${percent}`);
    made.dataset.text = text;
    made.dataset.sure = percent;
    place(made, [x0, y0, x1, y1], size);
    return made;
}

function box(value, size) {
    const made = element("div", "box");
    made.dataset.of = value.id;
    made.classList.toggle("open", value.classList.contains("open"));
    made.classList.toggle("chosen", value.classList.contains("chosen"));
    place(made, value.dataset.box.split(" ").map(Number), size);
    return made;
}

async function read(paper) {
    const answer = await fetch(paper.dataset.words);
    if (!answer.ok) {
        throw new Error(answer.status);
    }
    return answer.json();
}

function loaded(page) {
    const paper = page.querySelector(".paper");
    if (paper && !papers.has(page)) {
        papers.set(page, read(paper).catch(() => papers.delete(page) && null));
    }
    return papers.get(page);
}

async function draw(page) {
    const found = await loaded(page);
    const paper = page.querySelector(".paper");
    if (!found || paper.querySelector(".words")) {
        return;
    }
    paper.style.aspectRatio = `${found.width} / ${found.height}`;
    const layer = element("div", "words", { role: "group" });
    layer.setAttribute("aria-label", `Words of page ${page.dataset.number}: move with the arrow keys`);
    const boxes = values(`[data-page="${page.dataset.number}"]`).filter((each) => each.dataset.box);
    layer.append(...boxes.map((each) => box(each, found)));
    layer.append(...found.words.map((each) => word(each, found)));
    const first = layer.querySelector(".word");
    if (first) {
        first.tabIndex = 0;
    }
    paper.append(layer);
}

function drop(page) {
    const layer = page.querySelector(".words");
    if (layer && !layer.contains(document.activeElement)) {
        layer.remove();
    }
}

const near = new IntersectionObserver(
    (entries) => entries.forEach((each) => (each.isIntersecting ? draw : drop)(each.target)),
    { root: pages, rootMargin: "400px 0px" },
);

for (const page of sheets) {
    const paper = page.querySelector(".paper");
    if (paper?.dataset.width) {
        paper.style.aspectRatio = `${paper.dataset.width} / ${paper.dataset.height}`;
    }
    paper?.querySelector("img").addEventListener("error", (event) => {
        const lost = element("p", "lost", { textContent: "There is no picture of this page." });
        event.target.replaceWith(lost);
    });
    near.observe(page);
}

// Which page is in sight, and going to others.

const number = document.getElementById("number");

function current() {
    const middle = pages.getBoundingClientRect().top + pages.clientHeight / 3;
    return sheets.findLast((each) => each.getBoundingClientRect().top <= middle) ?? sheets[0];
}

function go(at) {
    const page = sheets[Math.max(0, Math.min(sheets.length - 1, at))];
    page.scrollIntoView({ block: "start", behavior: "auto" });
    number.value = page.dataset.number;
}

const step = (by) => go(sheets.indexOf(current()) + by);
document.getElementById("previous").addEventListener("click", () => step(-1));
document.getElementById("next").addEventListener("click", () => step(1));
number.addEventListener("change", () => go((parseInt(number.value, 10) || 1) - 1));
pages.addEventListener("scroll", () => {
    tip.hidden = true;
    requestAnimationFrame(() => {
        if (document.activeElement !== number && sheets.length) {
            number.value = current().dataset.number;
        }
    });
});

// Zoom, and text in the place of pictures.

const zoom = document.getElementById("zoom");
let level = ZOOMS.indexOf(1);

function magnify(by) {
    level = Math.max(0, Math.min(ZOOMS.length - 1, level + by));
    const [down, across] = [
        (pages.scrollTop + pages.clientHeight / 2) / pages.scrollHeight,
        (pages.scrollLeft + pages.clientWidth / 2) / pages.scrollWidth,
    ];
    pages.style.setProperty("--zoom", ZOOMS[level]);
    zoom.textContent = `${100 * ZOOMS[level]} %`;
    pages.scrollTop = down * pages.scrollHeight - pages.clientHeight / 2;
    pages.scrollLeft = across * pages.scrollWidth - pages.clientWidth / 2;
}

const asText = document.getElementById("as-text");

function showText(shown) {
    const at = sheets.indexOf(current());
    asText.setAttribute("aria-pressed", String(shown));
    for (const page of sheets) {
        page.querySelector(".paper").hidden = shown;
        page.querySelector(".text").hidden = !shown;
    }
    go(at);
}

if (asText) {
    document.getElementById("smaller").addEventListener("click", () => magnify(-1));
    document.getElementById("larger").addEventListener("click", () => magnify(1));
    asText.addEventListener("click", () => {
        showText(asText.getAttribute("aria-pressed") !== "true");
    });
}

// A word says what it is; arrow keys go from one to the next.

function explain(target) {
    tip.replaceChildren(`${target.dataset.text} `, element("small", "", { textContent: target.dataset.sure }));
    tip.hidden = false;
    const [at, own] = [target.getBoundingClientRect(), tip.getBoundingClientRect()];
    const left = at.left + at.width / 2 - own.width / 2;
    tip.style.left = `${Math.max(8, Math.min(innerWidth - own.width - 8, left))}px`;
    tip.style.top = `${at.top - own.height - 6 < 8 ? at.bottom + 6 : at.top - own.height - 6}px`;
}

for (const kind of ["pointerover", "focusin"]) {
    pages.addEventListener(kind, (event) => {
        const target = event.target.closest(".word");
        if (target) {
            explain(target);
        }
    });
}
for (const kind of ["pointerout", "focusout"]) {
    pages.addEventListener(kind, () => {
        tip.hidden = true;
    });
}

function beside(from, key) {
    const all = [...from.parentElement.querySelectorAll(".word")];
    const at = all.indexOf(from);
    if (key === "ArrowRight" || key === "ArrowLeft") {
        return all[at + (key === "ArrowRight" ? 1 : -1)];
    }
    if (key === "Home" || key === "End") {
        return all.at(key === "Home" ? 0 : -1);
    }
    const way = key === "ArrowDown" ? 1 : -1;
    const own = from.getBoundingClientRect();
    const far = (each) => {
        const other = each.getBoundingClientRect();
        const down = way * (other.top + other.height / 2 - own.top - own.height / 2);
        return down < own.height / 2 ? Infinity : 3 * down + Math.abs(other.left - own.left);
    };
    const best = all.reduce((one, each) => (far(each) < far(one) ? each : one), from);
    return far(best) === Infinity ? undefined : best;
}

pages.addEventListener("keydown", (event) => {
    const from = event.target.closest(".word");
    const keys = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"];
    if (!from || !keys.includes(event.key)) {
        return;
    }
    event.preventDefault();
    const to = beside(from, event.key);
    if (to) {
        from.tabIndex = -1;
        to.tabIndex = 0;
        to.focus();
    }
});

// A field leads to its place on the page, and the place to its field.

function choose(value) {
    for (const each of document.querySelectorAll(".value.chosen, .box.chosen")) {
        each.classList.remove("chosen");
    }
    value.classList.add("chosen");
    for (const each of document.querySelectorAll(`.box[data-of="${value.id}"]`)) {
        each.classList.add("chosen");
    }
}

function enlarge(mark) {
    while (mark.offsetHeight < LEGIBLE && level < ZOOMS.length - 1) {
        magnify(1);
    }
}

async function find(value) {
    choose(value);
    value.scrollIntoView({ block: "nearest" });
    const page = value.dataset.page && sheet(value.dataset.page);
    if (!page) {
        return;
    }
    if (asText?.getAttribute("aria-pressed") === "true") {
        showText(false);
    }
    await draw(page);
    const mark = page.querySelector(`.box[data-of="${value.id}"]`);
    const target = mark ?? page;
    if (mark) {
        enlarge(mark);
    }
    target.scrollIntoView({ block: mark ? "center" : "start", inline: "center", behavior: behavior() });
}

function under(event) {
    const paper = event.target.closest(".paper");
    const holds = (each) => {
        const at = each.getBoundingClientRect();
        const rect = event.target.closest(".word")?.getBoundingClientRect();
        const x = rect ? rect.left + rect.width / 2 : event.clientX;
        const y = rect ? rect.top + rect.height / 2 : event.clientY;
        return x >= at.left && x <= at.right && y >= at.top && y <= at.bottom;
    };
    const area = (each) => each.offsetWidth * each.offsetHeight;
    const found = [...(paper?.querySelectorAll(".box") ?? [])].filter(holds);
    return found.sort((one, other) => area(one) - area(other))[0];
}

pages.addEventListener("click", (event) => {
    const mark = under(event);
    const value = mark && document.getElementById(mark.dataset.of);
    if (value) {
        choose(value);
        value.scrollIntoView({ block: "nearest", behavior: behavior() });
        value.querySelector(".find").focus({ preventScroll: true });
    }
});

// Corrections.

async function send(where, form) {
    const answer = await fetch(`${base}/${where}`, {
        method: "POST",
        headers: { "X-CSRFToken": preview.dataset.csrf },
        body: new URLSearchParams(form),
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
        throw new Error(told.problem ?? SAID);
    }
    return told;
}

function complain(value, problem) {
    value.querySelector(".problem")?.remove();
    const said = element("p", "problem reason", { textContent: problem });
    said.setAttribute("role", "alert");
    (value.querySelector(".edit") ?? value).append(said);
}

function renew(value, told) {
    const holder = element("ul", "");
    holder.innerHTML = told.html;
    const fresh = holder.firstElementChild;
    value.replaceWith(fresh);
    for (const each of document.querySelectorAll(`.box[data-of="${fresh.id}"]`)) {
        each.classList.toggle("open", fresh.classList.contains("open"));
    }
    if (told.of) {
        document.getElementById("left").textContent = told.left;
        document.getElementById("done").value = told.of - told.left;
    }
    return fresh;
}

async function settle(value, form) {
    try {
        const wasOpen = value.classList.contains("open");
        const fresh = renew(value, await send("values", { path: value.dataset.path, ...form }));
        const next = wasOpen && values(".open").find((each) => fresh.compareDocumentPosition(each) & 4);
        const on = next || fresh;
        on.querySelector(".find").focus();
        await find(on);
    } catch (error) {
        complain(value, error.message);
    }
}

function select(options, typed) {
    const made = element("select", "");
    for (const [key, text] of [["", "Nothing"], ...options]) {
        made.append(new Option(text, key, false, key === typed));
    }
    return made;
}

function input(value) {
    const { kind, typed, format, choices } = value.dataset;
    if (kind === "boolean") {
        return select([["true", "Yes"], ["false", "No"]], typed);
    }
    if (choices) {
        return select(JSON.parse(choices).map((each) => [each, each]), typed);
    }
    const long = kind === "text" && (typed.length > 40 || typed.includes("\n"));
    const made = element(long ? "textarea" : "input", "", { value: typed, maxLength: 2000 });
    made.autocomplete = "off";
    if (long) {
        made.rows = 3;
    }
    if (kind === "number") {
        made.inputMode = "decimal";
    }
    if (format === "date" && (!typed || DAY.test(typed))) {
        made.type = "date";
    }
    return made;
}

function edit(value) {
    const form = element("form", "edit");
    const field = input(value);
    const name = value.querySelector(".name").textContent.trim().replace(/\s+/g, " ");
    field.setAttribute("aria-label", `${name}: the right value, empty if there is none`);
    const save = element("button", "", { type: "submit", textContent: "Save" });
    const cancel = element("button", "", { type: "button", textContent: "Cancel" });
    const acts = element("div", "acts");
    acts.append(save, cancel);
    form.append(field, acts);
    const old = value.querySelector(".acts");
    const close = () => {
        form.replaceWith(old);
        old.querySelector('[data-do="edit"]').focus();
    };
    cancel.addEventListener("click", close);
    form.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            close();
        }
    });
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        settle(value, { do: "save", value: field.value });
    });
    old.replaceWith(form);
    field.focus();
    field.select?.();
}

document.querySelector(".fields")?.addEventListener("click", (event) => {
    const value = event.target.closest(".value");
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (act === "edit") {
        find(value);
        edit(value);
    } else if (act) {
        settle(value, { do: act });
    } else if (event.target.closest(".find")) {
        find(value);
    }
});

// The link, and copies.

async function copy(source) {
    if (navigator.clipboard && window.isSecureContext) {
        try {
            await navigator.clipboard.writeText(source.textContent);
            return true;
        } catch {
            // Not allowed here: the old way may be.
        }
    }
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
}

document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-share]");
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) {
        menu.open = false;
    }
    if (button?.dataset.copy) {
        const copied = await copy(document.getElementById(button.dataset.copy));
        button.textContent = copied ? "Copied" : "Press Ctrl-C";
    } else if (button) {
        try {
            location.assign((await send("link", { do: button.dataset.share })).next);
        } catch (error) {
            button.textContent = error.message;
        }
    }
});
